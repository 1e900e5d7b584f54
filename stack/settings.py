"""All settings, and the only reader of the environment (``SHOUWANG_*``) and of the home's ``shouwang.toml``.

The command line wins over the environment, the environment over the file. Nobody below ``stack`` sees these: each
part is given a small frozen object of its own.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, Self

from platformdirs import user_data_path
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from schemas.errors import Unavailable

PREFIX = "SHOUWANG_"
FILE_NAME = "shouwang.toml"
#: Tried first for the console; where it is taken another is chosen and kept.
USUAL_CONSOLE_PORT = 8080
#: The same for the page behind claim links.
USUAL_CLAIM_PORT = 8081


#: Nobody on the way may read or change what goes there: https, or this machine itself.
_SAFE = r"^(https://[^\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^\s?#]*)?)$"


class Settings(BaseSettings):
    """What a person may set. Three URLs put a server of one's own in the place of an embedded one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    home: Path
    mqtt_url: str | None = Field(None, description="mqtt://user:password@host:port of a broker instead of ours")
    nats_url: str | None = Field(None, description="nats://user:password@host:port of a JetStream instead of ours")
    dsn: str | None = Field(None, description="postgresql://... of a database instead of ours")
    port: int | None = Field(None, ge=1, le=65535, description="the console's port; then another is not chosen")
    lan: bool = Field(False, description="console and API on all addresses of this machine, not on loopback alone")
    zigbee_bases: str = Field(
        "zigbee2mqtt", description="base topics of the Zigbee2MQTT bridges, with commas between; empty for none"
    )
    owntracks_base: str = Field(
        "owntracks", description="topic below which OwnTracks phones and trackers publish; empty for none"
    )
    device_trees: str = Field(
        "#",
        description="where devices of all other families are heard: # for the whole broker; where homes share one, the "
        "topics below which each home's stand (homes/17), with commas between; empty for none",
    )
    secure_cookies: bool = Field(False, description="for a console behind HTTPS: browsers send the session only there")
    heartbeat_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s]+$",
        description="posted to every minute while all is well, for a watcher outside",
    )
    claim_url: str | None = Field(
        None, pattern=r"^https?://[^\s]+$", description="where people's telephones reach the page behind claim links"
    )

    map_tiles: str | None = Field(
        None,
        pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]+)?/[^\s\\]+$",  # nothing that could end a directive of a policy
        description="where background maps come from, with {z}, {x} and {y} (Web Mercator, WGS 84); none: no map",
    )
    map_credit: str = Field("", max_length=200, description="whom the map is to name, for example OpenStreetMap")

    console_url: str | None = Field(
        None, pattern=r"^https?://[^\s/?#]+/?$", description="where people reach the console, for the way back to it"
    )
    oidc_issuer: str | None = Field(
        None, pattern=_SAFE, description="an identity server that may say who somebody is, as it calls itself"
    )
    oidc_client: str | None = Field(None, min_length=1, max_length=255, description="what the platform is called there")
    oidc_secret: str | None = Field(None, min_length=1, repr=False, description="its secret there; none: it has none")
    oidc_claim: str = Field(
        "preferred_username", pattern=r"^[A-Za-z0-9_.:/-]{1,100}$", description="what accounts are known by there"
    )
    oidc_name: str = Field("", max_length=60, description="what the button on the sign-in page calls it")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, file; no .env, no secrets folder."""
        del dotenv_settings, file_secret_settings
        home = init_settings()["home"]
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=Path(home) / FILE_NAME)

    @model_validator(mode="after")
    def _is_bearable(self) -> Self:
        """The embedded broker dies of a message whose topic begins with a character beyond ASCII (ADR 0002)."""
        for base in (*self.bases, self.phones, *self.trees):
            if self.mqtt_url is None and base[:1] > "\x7f":
                raise ValueError(
                    f"the embedded broker bears no topic that begins like {base!r}: let the base begin with a letter "
                    "of a to z (home/客厅 is fine), or give a broker of your own as mqtt_url"
                )
        return self

    @model_validator(mode="after")
    def _can_be_returned_to(self) -> Self:
        if self.oidc_issuer is not None and (self.oidc_client is None or self.console_url is None):
            raise ValueError("oidc_issuer needs oidc_client and console_url beside it")
        return self

    @field_validator("map_tiles")
    @classmethod
    def _names_a_tile(cls, address: str | None) -> str | None:
        if address is not None and not all(part in address for part in ("{z}", "{x}", "{y}")):
            raise ValueError("the address of a map needs {z}, {x} and {y} in it")
        return address

    @property
    def tiles(self) -> dict[str, str] | None:
        """Where background maps come from, for the console; None: there are none."""
        return None if self.map_tiles is None else {"address": self.map_tiles, "credit": self.map_credit}

    @property
    def oidc(self) -> dict[str, Any] | None:
        """Which identity server may say who somebody is, for the API; None: none."""
        if self.oidc_issuer is None:
            return None
        return {
            "issuer": self.oidc_issuer,
            "client": self.oidc_client,
            "console_url": self.console_url,
            "secret": self.oidc_secret,
            "claim": self.oidc_claim,
            "name": self.oidc_name,
        }

    @property
    def bases(self) -> tuple[str, ...]:
        """The base topics of the Zigbee2MQTT bridges."""
        return tuple(base.strip() for base in self.zigbee_bases.split(",") if base.strip())

    @property
    def trees(self) -> tuple[str, ...]:
        """Where devices of all families are heard: ``""`` the whole broker, else the levels before a home's topics."""
        told = tuple(tree.strip() for tree in self.device_trees.split(",") if tree.strip())
        return ("",) if "#" in told else tuple(tree.removesuffix("/#") for tree in told)

    @property
    def phones(self) -> str:
        """The topic below which OwnTracks phones publish; empty for none."""
        return self.owntracks_base.strip("/ ")

    @property
    def host(self) -> str:
        """The address that the console binds."""
        return "0.0.0.0" if self.lan else "127.0.0.1"  # noqa: S104 - asked for with --lan


def home_folder(given: Path | None, name: str = "shouwang") -> Path:
    """Return the installation's folder: as given, else SHOUWANG_HOME, else one in the user's data directory."""
    chosen = given or (Path(os.environ[f"{PREFIX}HOME"]) if os.environ.get(f"{PREFIX}HOME") else None)
    return (chosen or user_data_path(name, appauthor=False)).expanduser().absolute()


def load(home: Path, **given: Any) -> Settings:
    """Return the settings of a home; ``given`` (from the command line) wins, None there means not given.

    Raises Unavailable with one sentence that names the setting at fault.
    """
    try:
        return Settings(home=home, **{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        if not name:  # settings that do not go together say so themselves
            raise Unavailable(f"{first['msg'].removeprefix('Value error, ')}; look in {home / FILE_NAME}.") from error
        raise Unavailable(
            f"The setting {name!r} is wrong ({first['msg']}); look in {home / FILE_NAME} and at {PREFIX}{name.upper()}."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise Unavailable(f"{home / FILE_NAME} is not TOML: {error}.") from error


def for_children(settings: Settings) -> dict[str, str]:
    """Return what a child process needs in its environment to load the same settings."""
    values = settings.model_dump(exclude_none=True, exclude={"home"})
    return {f"{PREFIX}{key.upper()}": str(value) for key, value in values.items()}
