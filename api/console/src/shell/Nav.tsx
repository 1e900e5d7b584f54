/** The pages of the console: those of every shift in the head, the others behind one button. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { open } from "../alerts";
import { follow, path } from "../router";
import { cares, inCharge, managesAccounts, readsDevices, readsLog, worksHere } from "../session";
import { t, type Key } from "../words";

interface Entry {
  to: string;
  words: Key;
  /** Whether whoever is signed in has use for it; an address typed by others says that it is not for them. */
  may?: () => boolean;
}

/** What a shift opens again and again. */
const SHIFT: Entry[] = [
  { to: "/", words: "nav.desk" },
  { to: "/residents", words: "nav.residents" },
  { to: "/plan", words: "nav.plan", may: worksHere },
  { to: "/shift", words: "nav.shift", may: cares },
  { to: "/review", words: "nav.review", may: inCharge },
];
/** What is set up once and looked at now and then. */
const MORE: Entry[] = [
  { to: "/rota", words: "nav.rota", may: inCharge },
  { to: "/steps", words: "nav.steps", may: inCharge },
  { to: "/reach", words: "nav.reach", may: readsLog },
  { to: "/devices", words: "nav.devices", may: worksHere },
  { to: "/status", words: "nav.status" },
  { to: "/quarantine", words: "nav.quarantine" },
  { to: "/decode", words: "nav.decode", may: readsDevices },
  { to: "/rights", words: "nav.rights", may: managesAccounts },
  { to: "/log", words: "nav.log", may: readsLog },
];

function isHere(to: string): boolean {
  const at = path.value;
  return to === "/" ? at === "/" || at.startsWith("/alerts/") : at === to || at.startsWith(`${to}/`);
}

function PageLink({ entry, onFollow }: { entry: Entry; onFollow?: () => void }): JSX.Element {
  return (
    <a
      href={entry.to}
      aria-current={isHere(entry.to) ? "page" : undefined}
      onClick={(event) => {
        follow(event);
        onFollow?.();
      }}
    >
      {t(entry.words)}
      {entry.to === "/" && open.value.length > 0 && <span class="count figures">{open.value.length}</span>}
    </a>
  );
}

const mine = (entries: Entry[]): Entry[] => entries.filter((one) => one.may === undefined || one.may());

/** All of them, one below the other: the menu of a phone. */
export function AllPages({ onFollow }: { onFollow: () => void }): JSX.Element {
  return (
    <nav class="nav">
      {[...mine(SHIFT), ...mine(MORE)].map((entry) => (
        <PageLink key={entry.to} entry={entry} onFollow={onFollow} />
      ))}
    </nav>
  );
}

/** Closes at a press elsewhere, at Escape, and when the focus leaves it. */
function useClosing(shown: boolean, close: () => void): { current: HTMLDivElement | null } {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!shown) return undefined;
    const outside = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) close();
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      close();
      box.current?.querySelector("button")?.focus();
    };
    addEventListener("pointerdown", outside);
    addEventListener("focusin", outside);
    addEventListener("keydown", escape);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("focusin", outside);
      removeEventListener("keydown", escape);
    };
  }, [shown]);
  return box;
}

export function Nav(): JSX.Element {
  const [shown, setShown] = useState(false);
  const box = useClosing(shown, () => setShown(false));
  const more = mine(MORE);
  const here = more.find((one) => isHere(one.to));
  return (
    <nav class="nav">
      {mine(SHIFT).map((entry) => (
        <PageLink key={entry.to} entry={entry} />
      ))}
      <div class="nav-more" ref={box}>
        <button aria-expanded={shown} class={here ? "nav-here" : undefined} data-testid="nav-more" onClick={() => setShown(!shown)}>
          {here ? t(here.words) : t("nav.more")}
          <span aria-hidden="true">▾</span>
        </button>
        {shown && (
          <div class="nav-list">
            {more.map((entry) => (
              <PageLink key={entry.to} entry={entry} onFollow={() => setShown(false)} />
            ))}
          </div>
        )}
      </div>
    </nav>
  );
}
