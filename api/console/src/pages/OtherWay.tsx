/** The way in by an organisation's identity server: a button where one is set, and why it did not work, in words. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLoaded } from "../load";
import { addWords, said, t } from "../words";
import { en } from "../words/oidc.en";
import { zh } from "../words/oidc.zh";

addWords({ en, zh });

const BEGIN = "/api/v1/session/oidc/begin";

/** Why the last try failed, from the address; it is told once, and gone with a reload. */
function useWhy(): string | null {
  const [why] = useState(() => new URLSearchParams(location.search).get("signin"));
  useEffect(() => {
    if (why) history.replaceState(null, "", location.pathname);
  }, []);
  return why;
}

export function OtherWay(): JSX.Element | null {
  const way = useLoaded<{ oidc: { name: string } | null }>("/session/oidc").value?.oidc ?? null;
  const why = useWhy();
  const [going, setGoing] = useState(false);
  if (!way && !why) return null;
  return (
    <>
      {why && (
        <p class="refusal" role="alert" data-testid="oidc-why">
          {said(`oidc.no.${why}`, t("oidc.no.other"))}
        </p>
      )}
      {way && (
        <>
          <p class="signin-or muted">{t("oidc.or")}</p>
          <a class="button button-wide" href={BEGIN} data-testid="oidc" aria-disabled={going} onClick={() => setGoing(true)}>
            {going ? t("oidc.going") : way.name ? t("oidc.press", { name: way.name }) : t("oidc.press.plain")}
          </a>
        </>
      )}
    </>
  );
}
