/** Asks once more before somebody is cut off, and shows a password once. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../http";
import { Dialog } from "../shell/Dialog";
import { t } from "../words";
import type { Drawn } from "./AccountDialog";
import type { Account } from "./records";
import { refusalOf } from "./refusals";

export type Verb = "password" | "disable" | "enable" | "sessions";

interface Props {
  account: Account;
  verb: Verb;
  close: () => void;
  done: (drawn: Drawn | null) => void;
}

export function SureDialog({ account, verb, close, done }: Props): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      const path = `/accounts/${encodeURIComponent(account.name)}/${verb}`;
      const answer = await call<Drawn | null>(verb === "sessions" ? "DELETE" : "POST", path, {});
      done(verb === "password" ? answer : null);
    } catch (error) {
      setRefused(refusalOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={t(`rights.${verb}.title`, { name: account.display_name })} close={close}>
      <p>{t(`rights.${verb}.about`)}</p>
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
      <div class="buttons">
        <button class="button button-main" data-testid="sure" disabled={busy} onClick={() => void send()}>
          {busy ? t("action.busy") : t(`rights.${verb}`)}
        </button>
        <button class="button" autoFocus onClick={close}>
          {t("action.cancel")}
        </button>
      </div>
    </Dialog>
  );
}

export function DrawnDialog({ drawn, close }: { drawn: Drawn; close: () => void }): JSX.Element {
  return (
    <Dialog title={t("rights.drawn.title", { name: drawn.account.display_name })} close={close}>
      <dl class="drawn">
        <dt>{t("rights.name")}</dt>
        <dd>{drawn.account.name}</dd>
        <dt>{t("rights.drawn.password")}</dt>
        <dd data-testid="drawn">{drawn.password}</dd>
      </dl>
      <p>{t("rights.drawn.about")}</p>
      <div class="buttons">
        <button class="button button-main" autoFocus onClick={close}>
          {t("rights.drawn.noted")}
        </button>
      </div>
    </Dialog>
  );
}
