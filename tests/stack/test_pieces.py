"""The small parts of the composition root: ports, settings, credentials, accounts, backoff, orphans."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from api.settings import OidcSettings
from schemas.errors import Unavailable
from stack import accounts, addresses, credentials
from stack.children import Command, Roll, spawn
from stack.home import Home, lock, write_private
from stack.keeper import FIRST_WAIT_S, HEALTHY_S, LONGEST_WAIT_S, Backoff, Child, Patience
from stack.ports import Ports, any_free
from stack.servers.broker import Broker, connect_packet, most_bytes, segments
from stack.servers.nats import Nats
from stack.servers.postgres import Postgres
from stack.settings import for_children, home_folder, load


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_the_usual_port_is_taken_first_and_kept(home: Home) -> None:
    usual = any_free()
    assert Ports(home).choose("broker", usual) == usual
    assert Ports(home).choose("broker", any_free()) == usual


def test_a_port_in_use_is_not_taken(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        chosen = Ports(home).choose("broker", taken)
    assert chosen != taken
    assert Ports(home).get("broker") == chosen


def test_two_servers_never_get_one_port(home: Home) -> None:
    usual = any_free()
    ports = Ports(home)
    assert ports.choose("a", usual) == usual
    assert ports.choose("b", usual) != usual


def test_a_damaged_ports_file_is_chosen_again(home: Home) -> None:
    (home.root / "ports.json").write_text('{"broker": ')
    usual = any_free()
    assert Ports(home).choose("broker", usual) == usual


def test_a_port_that_was_never_chosen_is_told_in_a_sentence(home: Home) -> None:
    with pytest.raises(Unavailable, match="start it once with `shouwang up`"):
        Ports(home).get("console")


def test_settings_come_from_the_command_line_then_the_environment_then_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shouwang.toml").write_text('port = 1000\nnats_url = "nats://file"\nmqtt_url = "mqtt://file"\n')
    monkeypatch.setenv("SHOUWANG_PORT", "2000")
    monkeypatch.setenv("SHOUWANG_NATS_URL", "nats://environment")
    read = load(tmp_path, port=3000, lan=None)
    assert (read.port, read.nats_url, read.mqtt_url) == (3000, "nats://environment", "mqtt://file")
    assert read.lan is False


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("port = 99999", "'port' is wrong"),
        ("prot = 80", "'prot' is wrong"),
        ("port = ", "is not TOML"),
        ('zigbee_bases = "zigbee2mqtt, 客厅"', "bears no topic that begins like '客厅'"),
        ('map_tiles = "https://tiles.example.org/{z}/{x}.png"', "needs {z}, {x} and {y}"),
        ('map_tiles = "https://a.org; script-src *//{z}/{x}/{y}"', "'map_tiles' is wrong"),
        ('map_tiles = "https://name:word@a.org/{z}/{x}/{y}"', "'map_tiles' is wrong"),
        ('oidc_issuer = "https://id.example"', "needs oidc_client and console_url"),
        ('oidc_issuer = "http://id.example"', "'oidc_issuer' is wrong"),
        ('console_url = "https://ward.example/console"', "'console_url' is wrong"),
        ('owntracks_base = "手机"', "bears no topic that begins like '手机'"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "shouwang.toml").write_text(text)
    with pytest.raises(Unavailable, match=sentence):
        load(tmp_path)


def test_a_map_is_none_unless_an_address_is_set(tmp_path: Path) -> None:
    assert load(tmp_path).tiles is None
    (tmp_path / "shouwang.toml").write_text('map_tiles = "http://maps:8090/{z}/{x}/{y}.png"\nmap_credit = "© us"')
    assert load(tmp_path).tiles == {"address": "http://maps:8090/{z}/{x}/{y}.png", "credit": "© us"}


def test_an_identity_server_is_believed_only_where_one_is_set(tmp_path: Path) -> None:
    assert load(tmp_path).oidc is None
    (tmp_path / "shouwang.toml").write_text(
        'oidc_issuer = "https://id.example/realms/a"\noidc_client = "shouwang"\noidc_secret = "s3cret-word"\n'
        'console_url = "https://ward.example"\noidc_name = "院内账号"'
    )
    read = load(tmp_path)
    assert "s3cret-word" not in repr(read)
    assert read.oidc is not None
    known = OidcSettings(**read.oidc)
    assert (known.issuer, known.secret, known.claim) == (
        "https://id.example/realms/a",
        "s3cret-word",
        "preferred_username",
    )
    assert "s3cret-word" not in repr(known)


def test_children_load_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = load(tmp_path, port=3000, lan=True, dsn="postgresql://x")
    for key, value in for_children(given).items():
        monkeypatch.setenv(key, value)
    assert load(tmp_path) == given


def test_the_home_is_the_given_one_else_the_environments_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUWANG_HOME", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert home_folder(None) == tmp_path / "shouwang"
    monkeypatch.setenv("SHOUWANG_HOME", str(tmp_path / "a"))
    assert home_folder(None) == tmp_path / "a"
    assert home_folder(tmp_path / "b") == tmp_path / "b"


def test_passwords_are_drawn_once_and_differ_between_homes(home: Home, tmp_path: Path) -> None:
    first = credentials.load(home)
    assert credentials.load(home) == first
    assert len({first.mqtt, first.nats, first.postgres}) == 3
    other = Home(tmp_path / "other")
    other.make()
    assert credentials.load(other) != first
    assert stat.S_IMODE((home.root / "secrets.toml").stat().st_mode) == 0o600


def test_damaged_passwords_are_not_drawn_again(home: Home) -> None:
    (home.root / "secrets.toml").write_text('mqtt = "x"')
    with pytest.raises(Unavailable, match="put the file back"):
        credentials.load(home)


def test_passwords_do_not_show_in_a_representation(home: Home) -> None:
    made = credentials.load(home)
    assert made.postgres not in repr(made)


def test_a_private_file_that_was_half_written_is_replaced(home: Home) -> None:
    (home.root / "x.partial").write_text("half")
    write_private(home.root / "x", b"whole")
    assert (home.root / "x").read_bytes() == b"whole"
    assert not (home.root / "x.partial").exists()


def test_a_lock_is_refused_while_it_is_held_and_free_after(home: Home) -> None:
    held = lock(home)
    with pytest.raises(Unavailable, match=f"process {os.getpid()}"):
        lock(home)
    os.close(held)
    os.close(lock(home))


def test_a_home_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="give one that you own with --home"):
        Home(tmp_path / "file" / "home").make()


def test_a_demo_home_stays_a_demo_and_a_live_one_never_becomes_one(home: Home) -> None:
    made = accounts.demo(home, first=True)
    assert [account.role for account in made] == ["administrator", "carer"]
    assert accounts.demo(home, first=False) == made
    assert accounts.is_demo(home)


def test_a_live_home_is_refused_as_a_demo(home: Home) -> None:
    first = accounts.first_administrator(home)
    assert accounts.first_administrator(home) == first
    assert accounts.demo(home, first=False) == []
    credentials.load(home)
    with pytest.raises(Unavailable, match="is a live one"):
        accounts.demo(home, first=True)


def test_external_servers_win_over_embedded_ones(home: Home) -> None:
    where = addresses.of(
        Ports(home),
        credentials.load(home),
        mqtt_url="mqtt://u%40x:p%2F@broker.example:1884",
        nats_url="nats://n",
        dsn="postgresql://d",
    )
    assert where.mqtt == addresses.Mqtt("broker.example", 1884, "u@x", "p/")
    assert (where.nats_url, where.dsn) == ("nats://n", "postgresql://d")


@pytest.mark.parametrize("url", ["http://x", "mqtt://", "nonsense", "mqtt://x:port"])
def test_a_wrong_broker_address_is_told_without_showing_it(url: str) -> None:
    with pytest.raises(Unavailable, match="mqtt://user:password@host:port"):
        addresses.parse_mqtt(url)


def test_waiting_doubles_up_to_a_bound_and_begins_anew_after_health() -> None:
    backoff = Backoff()
    waits = [backoff.after(1.0) for _ in range(9)]
    assert waits[:4] == [FIRST_WAIT_S, 1.0, 2.0, 4.0]
    assert waits[-1] == LONGEST_WAIT_S
    assert backoff.after(HEALTHY_S) == FIRST_WAIT_S


def _sleeper(home: Home) -> "subprocess.Popen[bytes]":
    return spawn(Command((sys.executable, "-c", "import time; time.sleep(600)")), home.logs / "sleeper.log")


def test_an_orphan_is_ended_and_another_process_of_its_number_is_not(home: Home) -> None:
    orphan, other = _sleeper(home), _sleeper(home)
    try:
        roll = Roll(home)
        roll.add("orphan", orphan.pid, signal.SIGTERM)
        rows = json.loads(home.children.read_text())
        before_its_time = psutil.Process(other.pid).create_time() - 100
        home.children.write_text(json.dumps({**rows, "other": [other.pid, before_its_time, signal.SIGTERM]}))
        assert Roll(home).end_orphans() == ["orphan"]
        assert orphan.poll() is not None
        assert other.poll() is None
    finally:
        orphan.kill()
        other.kill()
        orphan.wait()
        other.wait()


def test_a_damaged_roll_finds_nobody(home: Home) -> None:
    home.children.write_text('{"nats": [1')
    assert Roll(home).end_orphans() == []


def test_the_probe_is_a_connect_packet_by_the_letter() -> None:
    assert connect_packet("c", "u", "p") == bytes.fromhex(
        "1013 00044d515454 04 c2 000a 000163 000175 000170".replace(" ", "")
    )


@pytest.mark.parametrize(
    ("server", "hidden"),
    [
        (Broker, "importlib.util.find_spec"),
        (Nats, "stack.servers.nats.binary"),
        (Postgres, "stack.servers.postgres.programs"),
    ],
)
def test_a_missing_server_says_what_to_do(
    home: Home, monkeypatch: pytest.MonkeyPatch, server: type[Broker | Nats | Postgres], hidden: str
) -> None:
    monkeypatch.setattr(hidden, lambda *_: None)
    with pytest.raises(Unavailable, match=r"missing.*`make install`, or set \w+ to"):
        server(home, 1, "password").start()


def test_a_damaged_program_says_what_to_do(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged = home.root / "nats-server"
    damaged.write_bytes(b"\x7fELF broken")
    damaged.chmod(0o755)
    monkeypatch.setattr("stack.servers.nats.binary", lambda: damaged)
    with pytest.raises(Unavailable, match=r"does not start .*`make install`"):
        Nats(home, 1, "password").start()


async def test_a_first_start_that_is_refused_ends_at_once_and_is_not_repeated() -> None:
    def refuse() -> "subprocess.Popen[bytes]":
        raise Unavailable("It is missing: run `make install`.")

    said: list[str] = []
    child = Child(
        "nats", refuse, lambda: False, signal.SIGTERM, changed=lambda _: None, say=said.append, last_words=lambda: "",
        patience=Patience(lambda: False, 1, 1, 1),
    )  # fmt: skip
    await child.keep()
    assert child.refusal == "It is missing: run `make install`."
    assert said == []


def test_a_base_may_be_chinese_behind_its_first_letter_and_wholly_at_a_broker_of_ones_own(tmp_path: Path) -> None:
    assert load(tmp_path, zigbee_bases="home/客厅").bases == ("home/客厅",)
    assert load(tmp_path, zigbee_bases="客厅", mqtt_url="mqtt://u:p@127.0.0.1:1").bases == ("客厅",)


@pytest.mark.parametrize(("gigabytes", "expected"), [(0.5, 3), (1, 4), (2, 9), (24, 30)])
def test_the_broker_keeps_no_more_than_a_small_machine_can_afford(gigabytes: float, expected: int) -> None:
    assert segments(round(gigabytes * 1e9)) == expected
    # Its log may be full without a new beginning, and on a Raspberry Pi a third of the memory is its bound.
    assert 2 * expected * 10e6 < most_bytes(round(gigabytes * 1e9)) < max(0.34 * gigabytes * 1e9, 200e6)
