/** The whole console: who may see what, and which page. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { startWatching, stopWatching } from "./alerts";
import { Desk } from "./desk/Desk";
import { Missing } from "./pages/Missing";
import { QuarantinePage } from "./pages/Quarantine";
import { SignIn } from "./pages/SignIn";
import { StatusPage } from "./pages/Status";
import { DecodePage } from "./decode/later";
import { DevicesPage } from "./devices/Later";
import { PlanPage } from "./plan/Later";
import { ReachPage } from "./reach/later";
import { ResidentPage, SettingsPage } from "./resident/pages";
import { ResidentsPage } from "./resident/Residents";
import { Later } from "./rights/Later";
import { path } from "./router";
import { HousePage } from "./sheet/later";
import { ReviewPage } from "./review/later";
import { RotaPage, ShiftPage } from "./shift/later";
import { user } from "./session";
import { Announcer } from "./shell/Announcer";
import { Bars } from "./shell/Bars";
import { Header } from "./shell/Header";
import { Help } from "./shell/Help";
import { Toasts } from "./shell/Toasts";
import { t } from "./words";

function Page(): JSX.Element {
  const at = path.value;
  if (at === "/" || at.startsWith("/alerts/")) return <Desk />;
  if (at === "/residents") return <ResidentsPage />;
  const settings = /^\/residents\/([^/]+)\/settings$/.exec(at);
  if (settings) return <SettingsPage id={decodeURIComponent(settings[1] ?? "")} />;
  if (at.startsWith("/residents/")) return <ResidentPage id={decodeURIComponent(at.slice("/residents/".length))} />;
  if (at === "/plan" || at === "/plan/wall") return <PlanPage />;
  if (at === "/devices") return <DevicesPage />;
  if (at === "/decode") return <DecodePage />;
  if (at === "/quarantine") return <QuarantinePage />;
  if (at === "/status") return <StatusPage />;
  if (at === "/shift") return <ShiftPage />;
  if (at === "/rota") return <RotaPage />;
  if (at === "/steps") return <HousePage />;
  if (at === "/review") return <ReviewPage />;
  if (at === "/rights") return <Later key={at} page="RightsPage" />;
  if (at === "/reach") return <ReachPage />;
  if (at === "/log") return <Later key={at} page="LogPage" />;
  if (at === "/account") return <Later key={at} page="OwnPage" />;
  return <Missing />;
}

function Console(): JSX.Element {
  useEffect(() => {
    startWatching();
    return stopWatching;
  }, []);
  return (
    <div class="console">
      <a class="skip" href="#content">
        {t("nav.skip")}
      </a>
      <Header />
      <Bars />
      <Page />
      <Toasts />
      <Help />
      <Announcer />
    </div>
  );
}

export function App(): JSX.Element | null {
  if (user.value === undefined) return null;
  if (user.value?.must_change) return <Later page="NewPassword" />;
  return user.value === null ? <SignIn /> : <Console key={user.value.name} />;
}
