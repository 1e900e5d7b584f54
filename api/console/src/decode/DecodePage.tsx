/** What messages of devices mean: pasted, or live from the broker. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { readsDevices } from "../session";
import { Empty } from "../states";
import { t } from "../words";
import { ListenPart } from "./ListenPart";
import { PastePart } from "./PastePart";

const MODES = ["paste", "listen"] as const;

export function DecodePage(): JSX.Element {
  const [mode, setMode] = useState<(typeof MODES)[number]>(new URLSearchParams(location.search).has("topic") ? "listen" : "paste");
  return (
    <main class="page" id="content">
      <header class="page-head">
        <h1>{t("decode.title")}</h1>
        {readsDevices() && (
          <div class="segments" role="group" aria-label={t("decode.modes")}>
            {MODES.map((one) => (
              <button key={one} aria-pressed={mode === one} data-testid={`mode-${one}`} onClick={() => setMode(one)}>
                {t(`decode.mode.${one}`)}
              </button>
            ))}
          </div>
        )}
      </header>
      {!readsDevices() && <Empty>{t("decode.forbidden")}</Empty>}
      {readsDevices() && (
        <>
          <p class="muted">{t(mode === "paste" ? "decode.about" : "decode.listen.about")}</p>
          {/* Both stay: what was pasted, and what was heard, is still there after a look at the other. */}
          <div hidden={mode !== "paste"}>
            <PastePart />
          </div>
          <div hidden={mode !== "listen"}>
            <ListenPart />
          </div>
        </>
      )}
    </main>
  );
}
