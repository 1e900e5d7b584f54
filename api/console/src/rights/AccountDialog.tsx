/** Adds an account, or says what one may do. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call, post } from "../http";
import { useLoaded } from "../load";
import { Dialog } from "../shell/Dialog";
import { t } from "../words";
import { emptyGrant, GrantsEditor, wrongIn, type Ground } from "./GrantsEditor";
import type { Account, Grant } from "./records";
import { refusalOf } from "./refusals";

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

export interface Drawn {
  account: Account;
  password: string;
}

interface Props {
  /** Null: a new one. */
  was: Account | null;
  ground: Ground;
  close: () => void;
  done: (drawn: Drawn | null) => void;
}

export function AccountDialog({ was, ground, close, done }: Props): JSX.Element {
  const [name, setName] = useState("");
  const [shown, setShown] = useState("");
  const [known, setKnown] = useState(was?.identity?.said ?? "");
  const way = useLoaded<{ oidc: { name: string } | null }>(was ? "/session/oidc" : null).value?.oidc ?? null;
  const [grants, setGrants] = useState<Grant[]>(was ? was.grants : [emptyGrant()]);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const wrong =
    was === null && name && !NAME.test(name) ? "rights.name.wrong" : was === null && !(name && shown.trim()) ? "rights.name.missing" : wrongIn(grants);
  const plain = grants.map(({ role, place, resident }) => ({ role, place, resident }));
  const send = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      if (was) {
        const path = `/accounts/${encodeURIComponent(was.name)}`;
        await call("PUT", `${path}/grants`, { grants: plain });
        // Only when it was changed: to say the same again would let go whoever is bound.
        if (known.trim() !== (was.identity?.said ?? "")) await call("PUT", `${path}/identity`, { said: known.trim() || null });
        done(null);
      } else done(await post<Drawn>("/accounts", { name, display_name: shown.trim(), grants: plain }));
    } catch (error) {
      setRefused(refusalOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={was ? t("rights.change.title", { name: was.display_name }) : t("rights.add")} close={close}>
      <form
        class="resolve"
        data-testid="account-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) void send();
        }}
      >
        {!was && (
          <>
            <label class="field">
              {t("rights.display")}
              <input data-testid="account-display" maxLength={100} autoFocus value={shown} onInput={(e) => setShown(e.currentTarget.value)} />
            </label>
            <label class="field">
              {t("rights.name")}
              <input
                data-testid="account-name"
                maxLength={64}
                autocapitalize="none"
                autocomplete="off"
                spellcheck={false}
                aria-invalid={wrong === "rights.name.wrong"}
                aria-describedby="account-name-about"
                value={name}
                onInput={(e) => setName(e.currentTarget.value.trim())}
              />
              <span id="account-name-about" class="fine">
                {t("rights.name.about")}
              </span>
            </label>
          </>
        )}
        <GrantsEditor grants={grants} ground={ground} put={setGrants} />
        {was && (way || was.identity) && (
          <label class="field">
            {t("rights.identity")}
            <input
              data-testid="account-identity"
              maxLength={200}
              autocapitalize="none"
              autocomplete="off"
              spellcheck={false}
              aria-describedby="account-identity-about"
              value={known}
              onInput={(e) => setKnown(e.currentTarget.value)}
            />
            <span id="account-identity-about" class="fine">
              {t(was.identity?.bound ? "rights.identity.bound" : "rights.identity.about")}
            </span>
          </label>
        )}
        {refused && (
          <p class="refusal" role="alert">
            {refused}
          </p>
        )}
        <div class="buttons">
          <button class="button button-main" data-testid="account-save" disabled={busy || wrong !== null}>
            {busy ? t("action.busy") : t(was ? "rights.save" : "rights.add.do")}
          </button>
          <button class="button" type="button" onClick={close}>
            {t("action.cancel")}
          </button>
          {wrong && (was || name || shown) && (
            <span class="muted" role="status">
              {t(wrong)}
            </span>
          )}
        </div>
      </form>
    </Dialog>
  );
}
