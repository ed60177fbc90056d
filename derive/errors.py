"""What can go wrong: three families with one root, `DeriveError`.

`NotValid` is input that can never work; `NotSupported` is input that this engine cannot serve yet.  Both say what was wrong,
where, and what to write instead.  `InternalError` is a fault of the engine: a line that it derived and then refuted.
"""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 700  # characters of a message, and of a hint


class DeriveError(Exception):
    """Any error a user can cause.

    message: what was wrong.  text, position: the input and the 0-based offset at which it went wrong.
    hint: what to write instead.
    """

    def __init__(self, message: str, *, text: str | None = None, position: int | None = None, hint: str | None = None):
        self.message, self.text, self.position, self.hint = _cut(message), text, position, None if hint is None else _cut(hint)
        super().__init__(self._full())

    def __reduce__(self) -> tuple[Callable[..., DeriveError], tuple[object, ...]]:
        """For pickling: an error comes back from another process as it was."""
        return _again, (type(self), self.message, self.text, self.position, self.hint)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the message without the frames of the engine above it."""
        return f"{type(self).__name__}: {self}".split("\n")

    def _full(self) -> str:
        parts = [self.message]
        if self.text is not None and self.position is not None:
            parts.append(point_at(self.text, self.position))
        if self.hint:
            parts.append(self.hint)
        return "\n".join(parts)


def _cut(text: str) -> str:
    """A text that quotes what a user wrote, which may be very long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _again(kind: type[DeriveError], message: str, text: str | None, position: int | None, hint: str | None) -> DeriveError:
    return kind(message, text=text, position=position, hint=hint)


class NotValid(DeriveError):
    """The input can never work: unreadable, contradictory, not a density."""


class NotSupported(DeriveError):
    """A sound question that the engine cannot answer yet."""


class WrongCall(NotValid, TypeError):
    """A call with an argument that there is not, or without one that there must be."""


class InternalError(DeriveError):
    """The engine refuted a line of its own: its fault, not the user's.  There is no write-up then.

    Inside the engine nothing handles it that handles a question without an answer: that is `NotValid` and `NotSupported`.
    """


def point_at(text: str, position: int, width: int = 72) -> str:
    """The line of `text` that holds `position`, cut to `width`, with a caret under the place."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : end if end >= 0 else len(text)]
    column = position - start
    left = max(0, column - width // 2)
    shown = line[left : left + width]
    return "    " + shown + "\n    " + " " * (column - left) + "^"
