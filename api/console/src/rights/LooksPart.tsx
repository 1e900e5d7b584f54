/** The place on a resident's page that tells who looked; what is in it comes when it is opened. */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { inCharge } from "../session";
import { t } from "../words";
import { Later } from "./Later";

export function LooksPart({ resident }: { resident: string }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  if (!inCharge()) return null;
  return (
    <section class="panel">
      <details class="quiet-findings" data-testid="looks" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h2 class="label">{t("rights.looks")}</h2>
        </summary>
        {open && <Later page="Looks" inside resident={resident} />}
      </details>
    </section>
  );
}
