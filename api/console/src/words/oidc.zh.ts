/** 统一身份登录的文字，与登录页一同载入。 */

import type { OidcKey } from "./oidc.en";

export const zh: Record<OidcKey, string> = {
  "oidc.or": "或",
  "oidc.press": "用{name}登录",
  "oidc.press.plain": "用本单位账号登录",
  "oidc.going": "请稍候…",
  "oidc.no.oidc_off": "这里没有设置统一身份登录。请用用户名和密码登录。",
  "oidc.no.oidc_away": "统一身份服务没有应答。请用用户名和密码登录，或一分钟后再试。",
  "oidc.no.oidc_refused": "未登录：统一身份服务退回了请求，或您取消了。",
  "oidc.no.oidc_stale": "用时太长，或是从另一个窗口开始的。请再按一次。",
  "oidc.no.oidc_invalid": "统一身份服务的回答不可信，未登录。请告诉管理员；对方的时钟和平台日志会说明原因。",
  "oidc.no.oidc_no_claim": "统一身份服务没有给出这里用来识别账号的名字。请告诉管理员。",
  "oidc.no.oidc_nobody": "统一身份服务认识您，但这里没有您的账号。请管理员在“权限”中录入。",
  "oidc.no.oidc_other": "这个名字的账号已与另一人绑定。请管理员在“权限”中解除。",
  "oidc.no.other": "未登录。请用用户名和密码登录，或再试一次。",
};
