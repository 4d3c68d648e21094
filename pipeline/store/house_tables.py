"""The tables of the house beside `clients`: users with their roles, sessions, and attempts to sign in."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.store.tables import Base, BigId


class UserRow(Base):
    """A person who signs in; `password` is an argon2id hash."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    password: Mapped[str]
    active: Mapped[bool]
    must_change_password: Mapped[bool]
    created_at: Mapped[datetime]


class RightRow(Base):
    """A role of a user at a client, or at all clients ("*")."""

    __tablename__ = "rights"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)


class SessionRow(Base):
    """Somebody is signed in; `token` is the SHA-256 of what his browser holds."""

    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInAttemptRow(Base):
    """An attempt to sign in that has not succeeded, for the rate limit."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (
        Index("ix_sign_in_attempts_name_at", "name", "at"),
        Index("ix_sign_in_attempts_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    name: Mapped[str]
    address: Mapped[str]
