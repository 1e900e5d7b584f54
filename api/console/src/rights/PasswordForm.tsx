/** Changes one's own password. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../http";
import { t } from "../words";
import { refusalOf } from "./refusals";

/** As api/account_models.py has it. */
const SHORTEST = 10;

export function PasswordForm({ done, old }: { done: () => void; old: string }): JSX.Element {
  const [was, setWas] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const wrong =
    next.length < SHORTEST ? t("rights.password.short", { n: SHORTEST }) : again !== next ? t("rights.password.differ") : null;
  const send = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      await call("PUT", "/session/password", { old: was, new: next });
      setWas("");
      setNext("");
      setAgain("");
      done();
    } catch (error) {
      setRefused(refusalOf(error));
    }
    setBusy(false);
  };
  const field = (words: string, value: string, put: (text: string) => void, name: string): JSX.Element => (
    <label class="field">
      {words}
      <input
        data-testid={name}
        type="password"
        required
        maxLength={256}
        autocomplete={name === "old-password" ? "current-password" : "new-password"}
        value={value}
        onInput={(event) => put(event.currentTarget.value)}
      />
    </label>
  );
  return (
    <form
      class="resolve"
      data-testid="password-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) void send();
      }}
    >
      {field(old, was, setWas, "old-password")}
      {field(t("rights.password.new", { n: SHORTEST }), next, setNext, "new-password")}
      {field(t("rights.password.again"), again, setAgain, "again-password")}
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
      <button class="button button-main" data-testid="password-save" disabled={busy || wrong !== null || !was}>
        {busy ? t("action.busy") : t("rights.password.save")}
      </button>
      {wrong && (next || again) && (
        <p class="muted" role="status">
          {wrong}
        </p>
      )}
    </form>
  );
}
