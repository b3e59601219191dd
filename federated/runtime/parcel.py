"""A reply as it travels: Flower's objects, each with the digest that names it."""

from dataclasses import dataclass
from hashlib import sha256

from flwr.app import Message
from flwr.app.message import remove_content_from_message
from flwr.proto.message_pb2 import ObjectTree
from flwr.supercore.inflatable.inflatable_object import (
    get_all_nested_objects,
    get_object_tree,
    no_object_id_recompute,
)

OBJECTS = 3
"""Objects of a message of ours: the message, its record dict, its one config record."""


@dataclass(frozen=True)
class Parcel:
    """A reply taken apart as it travels.

    Attributes:
        envelope: The message without its content.
        tree: The ids of its objects, as a tree.
        objects: Id -> bytes; what is contained comes before what contains it.
    """

    envelope: Message
    tree: ObjectTree
    objects: dict[str, bytes]

    @property
    def record(self) -> tuple[str, bytes] | None:
        """Id and bytes of the one record it consists of; None for an error.

        It is all that is sent of the objects: message and record dict follow from it, and are only announced.
        """
        path = chain(self.tree)
        return (path[-1], self.objects[path[-1]]) if len(path) == OBJECTS else None

    @classmethod
    def of(cls, message: Message) -> "Parcel":
        """Take a reply apart."""
        message.metadata.__dict__["_message_id"] = message.object_id  # the field has no setter
        with no_object_id_recompute():
            objects = {name: part.deflate() for name, part in get_all_nested_objects(message).items()}
            return cls(remove_content_from_message(message), get_object_tree(message), objects)

    @property
    def size(self) -> int:
        """Bytes of all objects."""
        return sum(map(len, self.objects.values()))

    @property
    def sha256(self) -> str:
        """Digest of the objects' bytes, one after the other."""
        digest = sha256()
        for content in self.objects.values():
            digest.update(content)
        return digest.hexdigest()


def chain(tree: ObjectTree) -> list[str]:
    """Return the ids from the root down as long as each object contains exactly one; nothing if one contains more."""
    path = [tree.object_id]
    while tree.children:
        if len(tree.children) > 1 or len(path) == OBJECTS:
            return []
        tree = tree.children[0]
        path.append(tree.object_id)
    return path
