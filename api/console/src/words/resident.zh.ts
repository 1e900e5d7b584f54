/** 只有照护对象页面用到的中文。与 resident.en.ts 的键相同。 */

import type { ResidentKey } from "./resident.en";

export const zh: Record<ResidentKey, string> = {
  "week.title": "七天节律",
  "week.loading": "正在读取一周…",
  "week.failed": "一周的数据读取失败。",
  "week.empty": "最近七天没有收到任何数据。",
  "week.day": "{weekday} {day}日",
  "week.today": "今天",
  "week.night": "0点到5点活动了{length}",
  "week.night.none": "0点到5点没有活动",
  "week.head.night": "0–5点",
  "week.key.moved": "活动",
  "week.key.signs": "家中动静",
  "week.key.missing": "无数据",
  "week.vital": "七天的{name}：{low}到{high} {unit}",
  "week.vital.last": "最近一小时：{value} {unit}",
};
