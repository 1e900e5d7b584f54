"""Running PostgreSQL when we are root: it refuses to be, and rightly.

It gets a system user of its own. The home may lie under ``/root`` and the wheel in an environment that only root can
enter; then it also gets the one right to *look* into folders (CAP_DAC_READ_SEARCH; where a container lacks that one,
CAP_DAC_OVERRIDE), instead of our opening root's folders to everybody.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import Unavailable

SYSTEM_USER = "shouwang"
_FALLBACK_USER = "nobody"
#: Capability numbers of linux/capability.h.
_CAPABILITIES = (("dac_read_search", 2), ("dac_override", 1))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a process becomes; ``wrapper`` is put before its command, ``user`` None means as we are."""

    user: int | None = None
    group: int | None = None
    wrapper: tuple[str, ...] = ()

    @property
    def spawn_user(self) -> int | None:
        """The user to set at the fork: none when the wrapper does it."""
        return None if self.wrapper else self.user

    @property
    def spawn_group(self) -> int | None:
        """The group to set at the fork."""
        return None if self.wrapper else self.group


def identity_for(folder: Path, program: Path, death_signal: signal.Signals) -> Identity:
    """Return whom PostgreSQL shall run as: ourselves, or as root the folder's owner or a system user.

    Raises Unavailable when root cannot give it a way to ``folder`` and ``program``.
    """
    if os.geteuid() != 0:
        return Identity()
    account = _account(folder)
    if all(_can_reach(path, account) for path in (folder.parent, program)):
        return Identity(account.pw_uid, account.pw_gid)
    return Identity(account.pw_uid, account.pw_gid, _with_capability(account, death_signal))


def _account(folder: Path) -> pwd.struct_passwd:
    """The owner of data that are there; else our system user, made if need be; else nobody."""
    if folder.exists() and (owner := folder.stat().st_uid) != 0:
        try:
            return pwd.getpwuid(owner)
        except KeyError:
            raise Unavailable(
                f"The database in {folder} belongs to user {owner}, who does not exist on this machine; "
                f"give it to another with: chown -R {SYSTEM_USER} {folder}"
            ) from None
    for name in (SYSTEM_USER, _FALLBACK_USER):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            if name == SYSTEM_USER and _add_system_user():
                return pwd.getpwnam(name)
    raise Unavailable("PostgreSQL does not run as root and this machine has no other user: start as an ordinary user.")


def _add_system_user() -> bool:
    useradd = shutil.which("useradd")
    if useradd is None:
        return False
    argv = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    return subprocess.run([*argv, SYSTEM_USER], capture_output=True, check=False).returncode == 0


def _can_reach(path: Path, account: pwd.struct_passwd) -> bool:
    """Whether every folder above ``path`` may be entered by the account (its own bits or everybody's)."""
    for folder in path.resolve().parents:
        state = folder.stat()
        entry = stat.S_IXUSR if state.st_uid == account.pw_uid else stat.S_IXOTH
        if not state.st_mode & entry:
            return False
    return True


def _with_capability(account: pwd.struct_passwd, death_signal: signal.Signals) -> tuple[str, ...]:
    held = _held_capabilities()
    right = next((name for name, number in _CAPABILITIES if held & (1 << number)), None)
    setpriv = shutil.which("setpriv")
    if right is None or setpriv is None:
        raise Unavailable(
            "PostgreSQL does not run as root, and another user cannot reach this home or this installation: "
            "start as an ordinary user, or put both where everybody may pass (such as /var/lib and /opt)."
        )
    return (
        setpriv, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups",
        f"--inh-caps=-all,+{right}", f"--ambient-caps=+{right}", f"--bounding-set=-all,+{right}",
        f"--pdeathsig={death_signal.name.removeprefix('SIG')}", "--no-new-privs", "--",
    )  # fmt: skip


def _held_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0
