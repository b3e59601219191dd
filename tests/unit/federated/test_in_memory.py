from federated.in_memory import InMemory


def kept(most: int = 10) -> InMemory[str]:
    return InMemory(most, len)


def never() -> str:
    raise AssertionError("this is made although it is kept")


def test_what_is_kept_is_not_made_again() -> None:
    memory = kept()

    assert memory.get("a", lambda: "aaaa", use="run 1") == "aaaa"
    assert memory.get("a", never, use="run 1") == "aaaa"
    assert memory.bytes == 4


def test_equal_keys_share_one_thing() -> None:
    memory = kept()
    first = memory.get(("digest", "contract"), lambda: "rows", use="run 1")

    assert memory.get(("digest", "contract"), never, use="run 1") is first


def test_what_is_there_stays_when_things_are_asked_for_in_turn() -> None:
    """Three things of 4 bytes, room for two: dropping the oldest would make all three anew in every turn."""
    memory = kept(10)
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name * 4

    for _ in range(3):
        for name in "abc":
            assert memory.get(name, lambda name=name: make(name), use="run 1") == name * 4  # type: ignore[misc]

    assert made == ["a", "b", "c", "c", "c"]
    assert memory.bytes == 8


def test_things_of_another_use_make_room() -> None:
    memory = kept(10)
    for name in "ab":
        memory.get(name, lambda name=name: name * 5, use="run 1")  # type: ignore[misc]

    memory.get("c", lambda: "c" * 5, use="run 2")

    assert memory.get("b", never, use="run 2") == "b" * 5
    assert memory.get("c", never, use="run 2") == "c" * 5
    assert memory.get("a", lambda: "anew", use="run 2") == "anew"


def test_a_single_thing_may_be_larger_and_is_gone_before_the_next_is_made() -> None:
    memory = kept(10)
    memory.get("large", lambda: "l" * 50, use="run 1")
    held_meanwhile: list[int] = []

    def make() -> str:
        held_meanwhile.append(memory.bytes)
        return "o" * 40

    assert memory.get("large", never, use="run 1") == "l" * 50
    memory.get("other", make, use="run 1")

    assert held_meanwhile == [0]
    assert memory.bytes == 40
