"""Long work says how far it has come."""

from nnstudio.data.progress import between


def test_a_part_of_the_work_tells_its_share_of_the_whole():
    told: list[float | None] = []
    part = between(told.append, 0.5, 0.9)
    for share in (0.0, 0.5, None, 1.0):
        part(share)
    assert told == [0.5, 0.7, None, 0.9]
