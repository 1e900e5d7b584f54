/** After a sign-in with a password that somebody else has drawn: one of one's own comes before all else. */

import type { JSX } from "preact";
import { Logo } from "../marks";
import { findSession, signOut, user } from "../session";
import { LangSwitch, ThemeSwitch } from "../shell/Switches";
import { t } from "../words";
import { PasswordForm } from "./PasswordForm";

export function NewPassword(): JSX.Element {
  return (
    <main class="signin">
      <div class="signin-switches">
        <ThemeSwitch />
        <LangSwitch />
      </div>
      <div class="signin-card">
        <Logo />
        <h1>{t("rights.first.title", { name: user.value?.display_name ?? "" })}</h1>
        <p class="muted">{t("rights.first.about")}</p>
        <PasswordForm done={() => void findSession()} old={t("rights.first.old")} />
        <button class="link-button" onClick={() => void signOut()}>
          {t("signin.out")}
        </button>
      </div>
    </main>
  );
}
