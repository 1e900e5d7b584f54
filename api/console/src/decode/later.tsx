/** Reading messages, fetched when somebody opens it: what the desk does not need does not slow it down. */

import type { JSX } from "preact";
import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";

const waiting = (): JSX.Element => (
  <main class="page" id="content">
    <Loading text={t("rights.loading")} />
  </main>
);

export const DecodePage = lazy<object>(() => import("./pages").then((found) => found.DecodePage), waiting);
