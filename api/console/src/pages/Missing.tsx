/** For an address that leads nowhere. */

import type { JSX } from "preact";
import { follow } from "../router";
import { t } from "../words";

export function Missing(): JSX.Element {
  return (
    <main class="page" id="content">
      <div class="state">
        <h1>{t("missing.title")}</h1>
        <a class="button" href="/" onClick={follow}>
          {t("missing.back")}
        </a>
      </div>
    </main>
  );
}
