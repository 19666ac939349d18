"""What all tables of the configuration have in common."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Items = TypeVar("Items", bound=tuple[object, ...])


class Options(BaseModel):
    """A table. TOML has types of its own, so none is guessed from another."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)


def not_yet(*later: str, use: str) -> BeforeValidator:
    """Refuse what a later version will know: to ignore it would be to lie."""

    def check(value: object) -> object:
        if isinstance(value, str) and value in later:
            raise ValueError(f'is not available yet; use "{use}"')
        return value

    return BeforeValidator(check)


def one_or_more() -> BeforeValidator:
    """Take a single text for a list of one."""

    def check(value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    return BeforeValidator(check)


def check_some(items: Items) -> Items:
    """Refuse an empty list."""
    # Not `min_length`: pydantic counts only the items that are valid, and would report twice.
    if not items:
        raise ValueError("must not be empty")
    return items


Text = Annotated[str, Field(min_length=1)]
