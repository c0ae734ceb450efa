"""From a table that is new to an experiment on it: what is proposed for each column, and what a person chose instead.

In the order of reading: `choices` are a person's, `proposal` is what is made of a table where there are none, `plan` is
both together and says what stands in the experiment, `steps` are those of its pipeline, `words` tell of it, and a
`draft` holds all of this while a person makes up their mind.
"""
