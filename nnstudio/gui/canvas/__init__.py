"""The drawn network, in the order to read it.

`layout` says where neurons stand, `curves` how weights run between them, `target` what can be pointed at; all three
are plain geometry. `reading` takes the numbers of a moment from the machine, `plane` the outputs over the plane, and
`facts` what the card says of one thing. `edges`, `neurons` and `captions` paint, `card` is the card, `view` puts them
together and listens to mouse and keys.
"""
