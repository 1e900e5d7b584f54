/** Who is there. The press that signs in also arms the sound: the browser wants a press before it rings. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../http";
import { lazy } from "../lazy";
import { Logo } from "../marks";
import { ended, signIn } from "../session";
import { LangSwitch, ThemeSwitch } from "../shell/Switches";
import { arm, soundState } from "../sound";
import { t, type Key } from "../words";

const OtherWay = lazy<object>(
  () => import("./OtherWay").then((found) => found.OtherWay),
  () => null,
);

export function SignIn(): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Key | null>(null);
  const send = async (): Promise<void> => {
    if (soundState() !== "off") arm();
    setBusy(true);
    setError(null);
    try {
      await signIn(name.trim(), password);
    } catch (refused) {
      const kind = refused instanceof Refused ? refused.kind : "broken";
      setError(kind === "signed-out" || kind === "malformed" ? "signin.wrong" : "signin.unreachable");
      setBusy(false);
    }
  };
  return (
    <main class="signin">
      <div class="signin-switches">
        <ThemeSwitch />
        <LangSwitch />
      </div>
      <form
        class="signin-card"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Logo />
        <h1>
          守望 <span class="latin">Shouwang</span>
        </h1>
        <p class="muted">{t("app.tagline")}</p>
        {ended.value && !error && <p class="notice">{t("signin.ended")}</p>}
        <label class="field">
          {t("signin.user")}
          <input
            data-testid="user"
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            autofocus
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          {t("signin.password")}
          <input
            data-testid="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        {error && (
          <p class="refusal" role="alert">
            {t(error)}
          </p>
        )}
        <button class="button button-main button-wide" data-testid="sign-in" disabled={busy}>
          {t(busy ? "signin.busy" : "signin.submit")}
        </button>
        <OtherWay />
      </form>
    </main>
  );
}
