"""All settings in one place, read from the environment (`BACKOFFICE_…`) and `backoffice.toml` at start."""

import os
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import Field as Constraint
from pydantic import SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from schemas.base import Value
from schemas.policy import MAIN


class Limits(Value):
    """What one document may cost before it is refused or given to a person."""

    file_bytes: int = 50 * 2**20
    pages: int = 500
    page_pixels: int = Constraint(default=100_000_000, description="A larger page is rendered at a lower dpi.")
    page_seconds: float = Constraint(default=60.0, description="Wall time for one page.")
    document_seconds: float = Constraint(default=600.0, description="Wall time for one document.")
    memory_bytes: int = 2 * 2**30


class Effort(StrEnum):
    """How much work goes into a second reading: each takes the rungs of the ladder before it, and one more."""

    OFF = "off"
    FAST = "fast"
    BALANCED = "balanced"
    CAREFUL = "careful"


class PreprocessStep(StrEnum):
    """What may be done to a picture before it is read, where it needs it."""

    PERSPECTIVE = "perspective"
    LIGHT = "light"
    TURN = "turn"
    DESKEW = "deskew"
    SCALE = "scale"


class ReadingSettings(Value):
    """How documents are read."""

    languages: tuple[str, ...] = Constraint(
        default=("fra", "eng", "deu", "spa", "ita", "nld"), description="Tesseract languages to choose from."
    )
    dpi: int = Constraint(default=300, description="Rendering resolution of PDF pages for OCR.")
    preprocess: tuple[PreprocessStep, ...] = Constraint(
        default=tuple(PreprocessStep), description="Steps that a picture may go through before it is read."
    )
    second_reader: Effort = Constraint(
        default=Effort.BALANCED, description="How much the second reader may cost: off, fast, balanced or careful."
    )
    second_engine: str = Constraint(
        default="pp-ocrv6", description="The second reader: a known name, or package.module:Class."
    )
    ignore_xml: bool = Constraint(default=False, description="Read the page even when an e-invoice is inside.")


class RoutingSettings(Value):
    """When an invoice may be posted without a person."""

    target_error: float = Constraint(
        default=0.003, gt=0, lt=1, description="The share of fields posted untouched that may be wrong."
    )
    tighten: bool = Constraint(
        default=True, description="More certainty is asked of a supplier once samples show that too much is wrong."
    )


class ReviewSettings(Value):
    """How the desk works."""

    lease_minutes: float = Constraint(default=15.0, gt=0, description="So long an item stays with who does nothing.")
    idle_seconds: float = Constraint(default=90.0, gt=0, description="A longer time without a sign of work is none.")
    sample_seed: int = Constraint(default=1, description="Another seed draws other straight-through invoices.")


class PostingSettings(Value):
    """How cleared invoices get into the accounting system. A client's policy may name another target."""

    target: str = Constraint(
        default="", description="A known name, or package.module:factory. Empty: what is cleared waits."
    )
    named: dict[str, str] = Constraint(
        default={}, description="More names that clients may choose from, each with its package.module:factory."
    )
    lease_minutes: float = Constraint(
        default=10.0, gt=0, description="So long a job stays with a poster; every attempt must end earlier."
    )
    doubt_seconds: float = Constraint(
        default=30.0,
        ge=0,
        le=3600,
        description="After a lost reply the target is asked so much later: it may still be at work.",
    )
    retry_seconds: float = Constraint(default=10.0, gt=0, description="The first wait; each one is twice as long.")
    longest_retry_seconds: float = Constraint(default=900.0, gt=0, le=3600, description="No wait is longer.")
    most_unknown: int = Constraint(default=5, ge=1, description="After so many lost replies a person is asked.")
    most_failures: int = Constraint(default=10, ge=1, description="The same for attempts at which nothing was sent.")
    down_after: int = Constraint(default=3, ge=1, description="Failures in a row after which a target rests.")
    down_seconds: float = Constraint(default=60.0, ge=0, description="So long it rests first; each time twice as long.")
    poll_seconds: float = Constraint(default=5.0, gt=0, description="`backoffice post --watch` looks so often.")
    least_confidence: float = Constraint(
        default=0.8, ge=0, le=1, description="A coding that is less sure waits for a person."
    )


class TrytonSettings(Value):
    """How a Tryton server is reached, to post into it and to read suppliers and orders from it."""

    url: str = Constraint(default="http://127.0.0.1:8000", description="Without the database's name.")
    database: str = Constraint(
        default="", description='Its name; "{client}" stands for the client. Empty: no Tryton is used.'
    )
    user: str = Constraint(default="backoffice", description="Log-in of the user that posts.")
    password: SecretStr | None = None
    timeout_seconds: float = Constraint(default=60.0, gt=0, description="So long an answer is waited for.")
    accounts: Mapping[str, str] = Constraint(
        default={}, description="Accounts of the coding that have other numbers in Tryton: theirs, by ours."
    )


class Tolerance(Value):
    """How much the net total of an invoice may be above its purchase order: the greater of both counts."""

    amount: Decimal = Constraint(default=Decimal("1.00"), ge=0, description="In the order's currency.")
    percent: Decimal = Constraint(default=Decimal(2), ge=0, description="Of the order's total.")

    def of(self, total: Decimal) -> Decimal:
        """The tolerance on a total, in its currency."""
        return max(self.amount, abs(total) * self.percent / 100)


class PortalSettings(Value):
    """Where the practice portal is, and who the robot is there. `{client}` stands for the client's id."""

    url: str = Constraint(default="http://127.0.0.1:8585", description="Without a slash at the end.")
    user: str = Constraint(default="robot", description="The name to log in with.")
    password: SecretStr | None = Constraint(default=None, description="Empty: that of a portal started without one.")

    @property
    def secret(self) -> SecretStr:
        """The password to use."""
        return self.password or SecretStr("practice")


class CostSettings(Value):
    """What an hour costs, for the cost of a document. The defaults are assumptions; put your own figures here."""

    machine_hour: Decimal = Constraint(default=Decimal("0.05"), ge=0, description="One hour of one processor core.")
    operator_hour: Decimal = Constraint(
        default=Decimal(40), ge=0, description="One hour of a person. Western Europe 40 to 80, offshore 6 to 20 EUR."
    )
    currency: str = Constraint(default="EUR", pattern="^[A-Z]{3}$", description="Of both.")


LOCAL_CLUSTER = "local"


class DaskSettings(Value):
    """Where flows have documents understood when the child processes of one machine are too few."""

    scheduler: str = Constraint(
        default="",
        description='Address such as tcp://HOST:8786; "local": `workers` processes of this machine. Empty: no Dask.',
    )
    chunk: int = Constraint(default=4, ge=1, description="Documents a Dask task.")
    patience_seconds: float = Constraint(
        default=60.0, gt=0, description="So long a scheduler or a first worker is waited for."
    )


class CheckSettings(Value):
    """After what time `backoffice check` calls something silent or left over."""

    grace_minutes: float = Constraint(default=10.0, ge=0, description="What is younger may be in somebody's hands.")
    reading_minutes: float = Constraint(default=60.0, gt=0, description="By then a dropped file is being read.")
    posting_hours: float = Constraint(default=24.0, gt=0, description="By then a posting that is due was tried.")
    person_hours: float = Constraint(default=48.0, gt=0, description="By then somebody has seen to a failed posting.")


class RetentionSettings(Value):
    """How long documents are kept. The default is French commercial law; `backoffice retention` goes by it."""

    years: int = Constraint(default=10, ge=0, description="From the end of the financial year of the document.")
    year_ends_in: int = Constraint(default=12, ge=1, le=12, description="The last month of the financial year.")


class Settings(BaseSettings):
    """The settings of one installation, rooted in its home directory."""

    model_config = SettingsConfigDict(
        env_prefix="BACKOFFICE_", env_nested_delimiter="__", toml_file="backoffice.toml", frozen=True, extra="forbid"
    )

    home: Path = Constraint(default=Path("var"), description="Inbox, archive, database and work files live here.")
    client: str = Constraint(default=MAIN, description="Whose documents those are that lie in no client's folder.")
    inbox_folder: Path | None = Constraint(default=None, description="A drop folder outside of the home.")
    database_url: str = Constraint(default="", description="SQLAlchemy URL; empty means SQLite in the home.")
    originals: str = Constraint(
        default="",
        description="Where originals are kept: a folder or an fsspec URL, s3://bucket/folder. Empty: the home.",
    )
    copies_bytes: int = Constraint(
        default=2 * 2**30, ge=0, description="Of originals at a URL so many bytes are kept on this machine too."
    )
    workers: int = Constraint(default_factory=lambda: os.cpu_count() or 1, ge=1)
    chunk_size: int = Constraint(default=25, ge=1, description="Documents a Prefect task.")
    settle_seconds: float = Constraint(default=2.0, description="A dropped file must not change for so long.")
    closed_seconds: float = Constraint(default=0.3, description="The same for one that is whole and nobody writes to.")
    incomplete_after_seconds: float = Constraint(default=60.0, description="One that stays broken so long is rejected.")
    scan_seconds: float = Constraint(default=10.0, description="Periodic scan of the drop folder.")
    dask: DaskSettings = DaskSettings()
    retention: RetentionSettings = RetentionSettings()
    limits: Limits = Limits()
    reading: ReadingSettings = ReadingSettings()
    routing: RoutingSettings = RoutingSettings()
    review: ReviewSettings = ReviewSettings()
    posting: PostingSettings = PostingSettings()
    models: Path | None = Constraint(
        default=None, description="Folder that `backoffice train` wrote; empty: the built-in models."
    )
    orders: Tolerance = Tolerance()
    costs: CostSettings = CostSettings()
    checks: CheckSettings = CheckSettings()
    metrics_token: SecretStr | None = Constraint(
        default=None, description="What Prometheus sends as bearer token; empty: /metrics answers this machine alone."
    )
    portal: PortalSettings = PortalSettings()
    tryton: TrytonSettings = TrytonSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the library passes it by name)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def task_documents(self) -> int | None:
        """Documents a Prefect task; None: a whole batch, so that no worker waits for the end of a part."""
        return None if self.dask.scheduler else self.chunk_size

    @property
    def inbox(self) -> Path:
        """The drop folder."""
        return self.inbox_folder or self.home / "inbox"

    @property
    def claimed(self) -> Path:
        """Where a file waits between claim and archive; on the same file system as the inbox."""
        return self.inbox_folder / ".claimed" if self.inbox_folder else self.home / "claimed"

    @property
    def archive(self) -> Path:
        """Originals by content, unless `originals` names another place."""
        return self.home / "archive"

    @property
    def copies(self) -> Path:
        """Of originals that are kept at a URL, those that were in use lately."""
        return self.home / "copies"

    @property
    def pages(self) -> Path:
        """Pages as they were read and drawn, for the people who look at them; all of it can be made again."""
        return self.home / "pages"

    @property
    def rejected(self) -> Path:
        """Input that could not be read, each file with its reason beside it."""
        return self.home / "rejected"

    @property
    def labelled(self) -> Path:
        """What people decided, as a folder to train on."""
        return self.home / "labelled"

    @property
    def url(self) -> str:
        """The database to use."""
        return self.database_url or f"sqlite:///{(self.home / 'backoffice.db').resolve()}"
