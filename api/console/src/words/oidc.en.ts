/** The words of the other way in; fetched with the sign-in page. */

export const en = {
  "oidc.or": "or",
  "oidc.press": "Sign in with {name}",
  "oidc.press.plain": "Sign in with your organisation's account",
  "oidc.going": "One moment…",
  "oidc.no.oidc_off": "There is no identity server here. Sign in with user and password.",
  "oidc.no.oidc_away": "The identity server does not answer. Sign in with user and password, or try again in a minute.",
  "oidc.no.oidc_refused": "You were not signed in: the identity server sent you back, or you cancelled there.",
  "oidc.no.oidc_stale": "That took too long, or began in another window. Press the button again.",
  "oidc.no.oidc_invalid":
    "The identity server's answer could not be trusted, so nobody was signed in. Tell your administrator; its time and the platform's log say why.",
  "oidc.no.oidc_no_claim":
    "The identity server did not say the name by which accounts are known here. Tell your administrator.",
  "oidc.no.oidc_nobody":
    "The identity server knows you, but no account here is yours. An administrator must enter you under Rights.",
  "oidc.no.oidc_other":
    "The account of this name is bound to somebody else at the identity server. An administrator must let it go under Rights.",
  "oidc.no.other": "You were not signed in. Sign in with user and password, or try again.",
} as const;

export type OidcKey = keyof typeof en;
