/** What of the care sheet other pages show, fetched when one first does. */

import type { ComponentType, JSX } from "preact";
import { lazy } from "../lazy";
import { Loading } from "../states";
import { t } from "../words";
import type { HandProps } from "./Hand";

/** The desk has drawn by then; when an alert comes and the ward's Wi-Fi is gone, the steps are there all the same. */
const AHEAD_MS = 3_000;

const hand = (): Promise<ComponentType<HandProps>> => import("./Hand").then((found) => found.Hand);
setTimeout(() => void hand().catch(() => undefined), AHEAD_MS); // asked for again when it is shown

export const Hand: ComponentType<HandProps> = lazy(hand, () => null);

export const SheetPart: ComponentType<{ resident: string; name: string; may: boolean }> = lazy(
  () => import("./SheetPart").then((found) => found.SheetPart),
  () => null,
);

export const HousePage: ComponentType<object> = lazy(
  () => import("./HousePage").then((found) => found.HousePage),
  (): JSX.Element => (
    <main class="page" id="content">
      <Loading text={t("rights.loading")} />
    </main>
  ),
);
