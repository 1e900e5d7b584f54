/** Sends a test to one way, and says what became of it and how long it took. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post, type Refused } from "../http";
import { t } from "../words";
import type { Test, Way } from "./records";
import { kindOf, reasonOf } from "./say";

/** The platform takes it up within a second and waits five for an answer. */
const ASK_MS = 500;
const MOST_ASKS = 30;

interface Props {
  place: string;
  version: number;
  way: Way;
  name: string;
  last: Test | null;
  again: () => void;
}

/** What came of a test, in a sentence; empty while it is on its way. */
function saidOf(test: Test): string {
  const why = reasonOf(test.error, t) || t("reach.why.silent");
  const name = test.recipient;
  if (test.confirmed_time) return t("reach.test.confirmed", { name });
  if (test.state === "sent") return t("reach.test.sent", { ms: test.took_ms ?? 0, name });
  if (test.state === "refused") return t("reach.test.refused", { ms: test.took_ms ?? 0, why });
  return test.state === "unknown" ? t("reach.test.unknown", { why }) : "";
}

export function TestButton({ place, version, way, name, last, again }: Props): JSX.Element {
  const [busy, setBusy] = useState(false);
  const [mine, setMine] = useState<Test | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const here = useRef(true);
  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  const send = async (): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      let test = await post<Test>(`/places/${place}/reach/tests`, { ref: way.ref, version });
      for (let asks = 0; asks < MOST_ASKS && (test.state === "waiting" || test.state === "sending"); asks += 1) {
        await new Promise((go) => setTimeout(go, ASK_MS));
        if (!here.current) return;
        test = await get<Test>(`/places/${place}/reach/tests/${test.id}`);
      }
      setMine(test);
      if (!saidOf(test)) setFailed(t("reach.test.stuck"));
      again();
    } catch (error) {
      const refused = error as Refused;
      setFailed(refused.code === "changed_meanwhile" ? t("reach.no.changed_meanwhile") : t("reach.test.failed", { message: refused.message }));
    }
    setBusy(false);
  };
  // What was asked for here, or last by anybody: as the platform knows it now.
  const shown = last && mine && last.id === mine.id ? last : (mine ?? last);
  const said = failed ?? (shown ? saidOf(shown) : "");
  return (
    <span class="reach-test">
      <button
        class="button"
        data-testid={`test-${way.ref}`}
        aria-label={t("reach.test.to", { name, by: kindOf(way.address, t) })}
        aria-busy={busy}
        disabled={busy}
        onClick={() => void send()}
      >
        {t(busy ? "reach.test.busy" : "reach.test")}
      </button>
      <span class="fine reach-result" role="status">
        {busy ? "" : said}
      </span>
    </span>
  );
}
