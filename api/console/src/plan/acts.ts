/** What is sent of a plan, and a refusal in words. */

import { call, post, Refused } from "../http";
import { t, type Key } from "../words";
import { placedOf } from "./draft";
import type { Plan, Room } from "./records";

const at = (place: string): string => `/places/${encodeURIComponent(place)}/plan`;

export const saveRooms = (plan: Plan, rooms: Room[]): Promise<Plan> =>
  call("PUT", at(plan.place), { seen: plan.version, rooms: placedOf(rooms) });

export const removeDrawing = (plan: Plan): Promise<Plan> => call("DELETE", `${at(plan.place)}/drawing?seen=${plan.version}`, {});

export const bringBack = (plan: Plan, version: number): Promise<Plan> =>
  post(`${at(plan.place)}/restore`, { seen: plan.version, version });

export async function sendDrawing(plan: Plan, file: File): Promise<Plan> {
  return call("PUT", `${at(plan.place)}/drawing?seen=${plan.version}`, await asPicture(file));
}

/** As the platform has it. */
const MOST_BYTES = 5 * 1024 * 1024;
/** Longest side of what is drawn anew here, px. */
const LONGEST_PX = 2600;
/** What the browser draws an SVG of no size of its own into. */
const DEFAULT_PX = 1600;

/**
 * The file as it can be sent. An SVG is drawn into a PNG here, inside a picture, where it can run no script and fetch
 * nothing: the platform takes none. A photo that is too large is drawn smaller.
 */
async function asPicture(file: File): Promise<Blob> {
  const isSvg = file.type === "image/svg+xml" || /\.svg$/i.test(file.name);
  if (!isSvg && file.size <= MOST_BYTES) return file;
  const image = await opened(await dataOf(isSvg ? new Blob([file], { type: "image/svg+xml" }) : file));
  const [width, height] = [image.naturalWidth || DEFAULT_PX, image.naturalHeight || DEFAULT_PX];
  const scale = isSvg ? LONGEST_PX / Math.max(width, height) : Math.min(1, LONGEST_PX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const brush = canvas.getContext("2d");
  if (!brush) throw unreadable();
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, failed) =>
    canvas.toBlob((blob) => (blob ? done(blob) : failed(unreadable())), isSvg ? "image/png" : "image/jpeg", 0.9),
  );
}

const unreadable = (): Refused => new Refused("malformed", "", null, "not_a_drawing");

const dataOf = (blob: Blob): Promise<string> =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(unreadable());
    reader.readAsDataURL(blob);
  });

const opened = (data: string): Promise<HTMLImageElement> =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = () => failed(unreadable());
    image.src = data;
  });

const KNOWN: Record<string, Key> = {
  plan_changed: "plan.no.plan_changed",
  plan_crosses: "plan.no.plan_crosses",
  plan_small: "plan.no.plan_small",
  plan_place: "plan.no.plan_place",
  not_a_drawing: "plan.no.not_a_drawing",
  drawing_svg: "plan.no.not_a_drawing",
  drawing_too_large: "plan.no.drawing_too_large",
  drawing_too_small: "plan.no.drawing_too_small",
  too_large: "plan.no.too_large",
};

export function refusalOf(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  const known = error.code ? KNOWN[error.code] : undefined;
  if (known) return t(known);
  if (error.kind === "unreachable") return t("plan.no.unreachable");
  if (error.kind === "forbidden") return t("plan.no.forbidden");
  return t("plan.no.other", { message: error.message });
}
