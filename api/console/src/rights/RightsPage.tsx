/** People and rights: who may sign in, what each may do where, and how to cut somebody off. For administrators. */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useLoaded } from "../load";
import type { Resident } from "../records";
import { follow } from "../router";
import { user } from "../session";
import { Empty, Failed, Loading } from "../states";
import { Moment } from "../times";
import { t } from "../words";
import { AccountDialog, type Drawn } from "./AccountDialog";
import type { Ground } from "./GrantsEditor";
import type { Account, Place } from "./records";
import { DrawnDialog, SureDialog, type Verb } from "./SureDialog";

/** What is open over the list. */
type Open = { what: "add" } | { what: "change"; account: Account } | { what: Verb; account: Account } | { what: "drawn"; drawn: Drawn };

export function whereOf(grant: Account["grants"][number]): string {
  if (grant.resident) return grant.resident_name ?? grant.resident;
  return grant.place ? (grant.place_name ?? grant.place) : t("rights.everywhere");
}

function fits(account: Account, query: string): boolean {
  const grants = account.grants.map((one) => `${t(`rights.role.${one.role}`)} ${whereOf(one)}`).join(" ");
  const text = `${account.name} ${account.display_name} ${grants}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function RightsPage(): JSX.Element {
  const loaded = useLoaded<{ accounts: Account[] }>("/accounts");
  const places = useLoaded<{ places: Place[] }>("/places");
  const residents = useLoaded<{ residents: Resident[] }>("/residents");
  const [open, setOpen] = useState<Open | null>(null);
  const [query, setQuery] = useState("");
  const adder = useRef<HTMLButtonElement>(null);
  const ground: Ground | null =
    places.value && residents.value ? { places: places.value.places, residents: residents.value.residents } : null;
  const done = (drawn: Drawn | null): void => {
    loaded.again();
    setOpen(drawn ? { what: "drawn", drawn } : null);
  };
  const close = (): void => {
    loaded.again(); // a refusal may mean that somebody else was here
    setOpen(null);
  };
  const noted = (): void => {
    setOpen(null);
    // What opened this was a dialog that is gone.
    requestAnimationFrame(() => adder.current?.focus());
  };
  const found = loaded.value?.accounts.filter((one) => fits(one, query)) ?? [];
  const forbidden = loaded.error?.kind === "forbidden";
  return (
    <main class="page" id="content">
      <header class="page-head rights-head">
        <h1>{t("rights.title")}</h1>
        {loaded.value && <span class="muted figures">{t("rights.count", { n: loaded.value.accounts.length })}</span>}
        <a class="button" href="/log" onClick={follow}>
          {t("log.title")}
        </a>
        {loaded.value && (
          <button ref={adder} class="button button-main" data-testid="account-add" disabled={!ground} onClick={() => setOpen({ what: "add" })}>
            {t("rights.add")}
          </button>
        )}
        {loaded.value && (
          <input
            id="search"
            class="search"
            type="search"
            placeholder={`${t("rights.search")}  /`}
            aria-label={t("rights.search")}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
          />
        )}
      </header>
      <p class="muted rights-about">{t("rights.about")}</p>
      {!loaded.value && !loaded.error && <Loading text={t("rights.loading.accounts")} />}
      {!loaded.value && forbidden && <Empty>{t("rights.forbidden")}</Empty>}
      {!loaded.value && loaded.error && !forbidden && <Failed text={t("rights.failed")} again={loaded.again} />}
      {loaded.value && (places.error || residents.error) && !ground && (
        <Failed
          text={t("rights.failed.ground")}
          again={() => {
            places.again();
            residents.again();
          }}
        />
      )}
      {loaded.value && loaded.value.accounts.length === 0 && <Empty>{t("rights.empty")}</Empty>}
      {loaded.value && loaded.value.accounts.length > 0 && !found.length && <Empty>{t("rights.none", { query })}</Empty>}
      <ul class="accounts">
        {found.map((account) => (
          <Row key={account.name} account={account} ready={ground !== null} open={setOpen} />
        ))}
      </ul>
      {ground && open?.what === "add" && <AccountDialog was={null} ground={ground} close={close} done={done} />}
      {ground && open?.what === "change" && (
        <AccountDialog was={open.account} ground={ground} close={close} done={done} />
      )}
      {open && "account" in open && open.what !== "change" && (
        <SureDialog account={open.account} verb={open.what} close={close} done={done} />
      )}
      {open?.what === "drawn" && <DrawnDialog drawn={open.drawn} close={noted} />}
    </main>
  );
}

interface RowProps {
  account: Account;
  ready: boolean;
  open: (what: Open) => void;
}

function State({ account }: { account: Account }): JSX.Element {
  if (account.disabled_time)
    return (
      <span>
        {t("rights.disabled")} <Moment at={account.disabled_time} />
      </span>
    );
  if (account.must_change) return <span>{t("rights.waiting")}</span>;
  const n = account.sessions;
  return <span>{n === 0 ? t("rights.signed.none") : t(n === 1 ? "rights.signed.one" : "rights.signed.many", { n })}</span>;
}

function Row({ account, ready, open }: RowProps): JSX.Element {
  const me = account.name === user.value?.name;
  const off = account.disabled_time !== null;
  const press = (what: Verb): JSX.Element => (
    <button class="button" data-testid={`${what}-${account.name}`} onClick={() => open({ what, account })}>
      {t(`rights.${what}`)}
    </button>
  );
  return (
    <li class={`panel account ${off ? "account-off" : ""}`} data-testid={`account-${account.name}`}>
      <div class="account-who">
        <b>{account.display_name}</b>{" "}
        <span class="muted">
          {account.name}
          {me && ` · ${t("rights.you")}`}
        </span>
        <p class="muted figures">
          <State account={account} />
        </p>
      </div>
      <ul class="account-grants" aria-label={t("rights.grants")}>
        {account.grants.map((one, i) => (
          <li key={i} class="chip">
            <b>{t(`rights.role.${one.role}`)}</b> {whereOf(one)}
          </li>
        ))}
        {account.grants.length === 0 && <li class="muted">{t("rights.grants.none")}</li>}
      </ul>
      {account.yours ? (
        <div class="account-acts">
          <button
            class="button"
            data-testid={`change-${account.name}`}
            disabled={!ready}
            onClick={() => open({ what: "change", account })}
          >
            {t("rights.change")}
          </button>
          {!off && press("password")}
          {!off && account.sessions > 0 && press("sessions")}
          {!me && press(off ? "enable" : "disable")}
        </div>
      ) : (
        <p class="fine account-acts">{t("rights.beyond")}</p>
      )}
    </li>
  );
}
