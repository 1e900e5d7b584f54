/** The head of every page: where one is, what time it is, whether this screen is live and can be heard. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { all, ringing, stamp } from "../alerts";
import { nowMs } from "../clock";
import { helpOpen } from "../keys";
import { connection } from "../line";
import { Icon, Logo } from "../marks";
import { follow } from "../router";
import { signOut, user } from "../session";
import { WallClock } from "../times";
import { t } from "../words";
import { AllPages, Nav } from "./Nav";
import { LangSwitch, ThemeSwitch } from "./Switches";
import { SoundMenu } from "./SoundMenu";

const HOUR_MS = 3_600_000;

export function ConnectionMark(): JSX.Element {
  const { state } = connection.value;
  return (
    <span class={`connection connection-${state}`} data-testid="connection" data-state={state} role="status">
      <span class="dot" />
      <span class="word">{t(`live.${state}`)}</span>
    </span>
  );
}

function Load(): JSX.Element {
  const from = nowMs.value - HOUR_MS;
  const n = all.value.filter((alert) => stamp(alert.raised_time) > from).length;
  return <span class="load figures">{t("load.hour", { n })}</span>;
}

function UserPart(): JSX.Element {
  return (
    <div class="user">
      <a class="user-name" href="/account" title={t("nav.own")} data-testid="own" onClick={follow}>
        {user.value?.display_name}
      </a>
      <button class="icon-button" title={t("signin.out")} aria-label={t("signin.out")} onClick={() => void signOut()}>
        <Icon name="out" />
      </button>
    </div>
  );
}

export function Header(): JSX.Element {
  const [menu, setMenu] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!menu) return undefined;
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setMenu(false);
      opener.current?.focus();
    };
    addEventListener("keydown", escape);
    return () => removeEventListener("keydown", escape);
  }, [menu]);
  const loud = ringing.value?.severity;
  return (
    <header class={`header ${loud ? `header-${loud}` : ""}`}>
      <a class="brand" href="/" onClick={follow}>
        <Logo />
        <span>守望</span>
      </a>
      <Nav />
      <span class="header-space" />
      <Load />
      <WallClock />
      <ConnectionMark />
      <SoundMenu />
      <div class={`header-more ${menu ? "header-more-open" : ""}`}>
        <AllPages onFollow={() => setMenu(false)} />
        <button
          class="icon-button help-button"
          title={`${t("help.open")} (?)`}
          aria-label={t("help.open")}
          onClick={() => (helpOpen.value = true)}
        >
          <Icon name="help" />
        </button>
        <ThemeSwitch />
        <LangSwitch />
        <UserPart />
      </div>
      <button
        ref={opener}
        class="icon-button menu-button"
        data-testid="menu"
        aria-label={t("nav.menu")}
        aria-expanded={menu}
        onClick={() => setMenu(!menu)}
      >
        <Icon name={menu ? "close" : "menu"} />
      </button>
    </header>
  );
}
