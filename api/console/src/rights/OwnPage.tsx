/** One's own account: what one may do, where one is signed in, and one's password. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { call } from "../http";
import { useLoaded } from "../load";
import { user } from "../session";
import { Failed, Loading } from "../states";
import { Moment } from "../times";
import { toast } from "../toasts";
import { t } from "../words";
import { PasswordForm } from "./PasswordForm";
import type { OpenSession, Role } from "./records";
import { refusalOf } from "./refusals";

/** What a browser calls itself, as people call it. */
const BROWSERS: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/MicroMessenger/, "WeChat"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS/, "macOS"],
  [/Linux/, "Linux"],
];

export function deviceOf(agent: string): string {
  const named = (list: [RegExp, string][]): string | undefined => list.find(([pattern]) => pattern.test(agent))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(" · ") || t("rights.session.program");
}

function Session({ one, again }: { one: OpenSession; again: () => void }): JSX.Element {
  const [refused, setRefused] = useState<string | null>(null);
  const end = (): void => {
    call("DELETE", `/sessions/${one.id}`, {}).then(again, (error: unknown) => setRefused(refusalOf(error)));
  };
  return (
    <li>
      <b>{deviceOf(one.agent)}</b> <span class="muted">{one.address}</span>
      <span class="muted figures">
        {t("rights.session.since")} <Moment at={one.created_time} />
      </span>
      {one.this ? (
        <span class="chip">{t("rights.session.this")}</span>
      ) : (
        <button class="link-button" onClick={end}>
          {t("rights.session.end")}
        </button>
      )}
      {refused && (
        <p class="refusal" role="alert">
          {refused}
        </p>
      )}
    </li>
  );
}

export function OwnPage(): JSX.Element {
  const loaded = useLoaded<{ sessions: OpenSession[] }>("/sessions");
  const roles = [...new Set((user.value?.grants ?? []).map((one) => t(`rights.role.${one.role as Role}`)))];
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{user.value?.display_name}</h1>
        <span class="muted">{[user.value?.name, ...roles].join(" · ")}</span>
      </header>
      <div class="own-grid">
        <section class="panel">
          <h2 class="label">{t("rights.sessions.own")}</h2>
          {!loaded.value && !loaded.error && <Loading text={t("rights.loading")} />}
          {!loaded.value && loaded.error && <Failed text={t("rights.sessions.failed")} again={loaded.again} />}
          <ul class="sessions">
            {loaded.value?.sessions.map((one) => (
              <Session key={one.id} one={one} again={loaded.again} />
            ))}
          </ul>
          <p class="fine">{t("rights.sessions.own.about")}</p>
        </section>
        <section class="panel">
          <h2 class="label">{t("rights.password.title")}</h2>
          <PasswordForm
            old={t("rights.password.old")}
            done={() => {
              toast(t("rights.password.done"));
              loaded.again();
            }}
          />
        </section>
      </div>
    </main>
  );
}
