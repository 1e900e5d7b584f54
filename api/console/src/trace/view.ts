/** How the trace is looked at; kept from one alert to the next. */

import { signal } from "@preact/signals";

/** Ten seconds around the impact, or all two minutes. */
export const near = signal(true);
/** The three axes instead of |a|. */
export const axes = signal(false);
