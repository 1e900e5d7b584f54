"""The words of an explanation in Chinese and English; those of reasons, phases and stages are the console's own."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from schemas.finding import Reason

LANGUAGES = ("zh", "en")
#: Where the language is read from when none is asked for; the first that is set counts.
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
#: No detector is certain, whatever its score rounds to.
MOST_PERCENT = 99

_OWN: dict[str, dict[str, str]] = {
    "en": {
        "none": "No fall found",
        "none.why": "the impact most like one, {g} g, reaches {percent} %; an alarm takes {threshold} %",
        "none.soft": "no impact reached {g} g: nothing was judged",
        "sure": "{words}: {percent} %",
        "rings": "an alarm from {threshold} %",
        "judged": "judged as worn at the {place} by {model}",
        "judged.anywhere": "judged as worn anywhere by {model}",
        "again": "judged on the whole window now: {percent} %",
        "place.trunk": "trunk",
        "place.wrist": "wrist",
        "place.anywhere": "anywhere",
        "course": "Course, from the impact",
        "course.event": "Course, from the event",
        "course.clock": "Course, by the home's clock",
        "weights": "What weighed (log odds lost if it had been as in ordinary life)",
        "weights.none": "What weighed cannot be said: the model does not know what is ordinary.",
        "features": "The numbers that weighed most",
        "feature.head": "here | in ordinary life | log odds",
        "impacts": "Impacts in the record",
        "impacts.most": "The impacts most like a fall in the record",
        "impact": "at {at} s: {g} g, {percent} %",
        "turned": "turned",
        "data.none": "No acceleration was kept around this moment.",
        "upto": "on the data up to {at} s",
        "data.gap": "no data from {start} to {end} s",
        "s": "s",
        "axis": "|a| in g; 1 g at rest; seconds from the impact",
        "turned.long": "how far the sensor is turned from before, degrees",
        "impact.mark": "impact {g} g",
        "group.before": "before it",
        "group.descent": "going down",
        "group.impact": "impact",
        "group.posture": "posture",
        "group.rest": "afterwards",
        "group.other": "other",
        "step.raised": "alert raised",
        "step.staged": "detector: {stage}",
        "step.updated": "{stage}; more is known",
        "step.joined": "another told of it too",
        "step.recurred": "happened again",
        "step.claimed": "claimed by {actor}",
        "step.released": "given back by {actor}",
        "step.resolved": "resolved by {actor}",
        "step.reopened": "reopened by {actor}",
        "step.closed": "closed",
        "step.noted": "{actor} noted something",
        "source.alert": "alert {v}",
        "source.resident": "{v}",
        "source.device": "device {v}",
        "source.event_time": "{v}",
        "source.at": "at {v}",
        "source.file": "{v}",
        "source.record": "record {v}",
        "source.label": "labelled {v}",
        "source.position": "worn at: {v}",
        "source.rate_hz": "{v} Hz",
        "source.seconds": "{v} s long",
        "source.findings": "findings: {v}",
        "source.impact_at_s": "impact at {v} s",
    },
    "zh": {
        "none": "没有发现跌倒",
        "none.why": "最像跌倒的一次冲击 {g} g，概率为 {percent} %；报警需要 {threshold} %",
        "none.soft": "没有冲击达到 {g} g，未作判断",
        "sure": "{words}：{percent} %",
        "rings": "{threshold} % 起报警",
        "judged": "按佩戴在{place}判断，模型 {model}",
        "judged.anywhere": "按佩戴位置未知判断，模型 {model}",
        "again": "现在按完整时段判断：{percent} %",
        "place.trunk": "躯干",
        "place.wrist": "手腕",
        "place.anywhere": "任意位置",
        "course": "经过（从冲击算起）",
        "course.event": "经过（从事件算起）",
        "course.clock": "经过（家中时间）",
        "weights": "各部分的分量（若与平常一样，对数几率会减少多少）",
        "weights.none": "无法说明各部分的分量：模型中没有平常的数值。",
        "features": "分量最大的数值",
        "feature.head": "此次 | 平常 | 对数几率",
        "impacts": "记录中的冲击",
        "impacts.most": "记录中最像跌倒的冲击",
        "impact": "{at} 秒：{g} g，{percent} %",
        "turned": "转动",
        "data.none": "这一时刻前后没有保存加速度。",
        "upto": "依据至 {at} 秒的数据",
        "data.gap": "{start} 至 {end} 秒无数据",
        "s": "秒",
        "axis": "|a|，单位 g；静止时为 1 g；横轴为冲击前后的秒数",
        "turned.long": "传感器相对之前转动的角度",
        "impact.mark": "冲击 {g} g",
        "group.before": "之前",
        "group.descent": "下落",
        "group.impact": "冲击",
        "group.posture": "姿态",
        "group.rest": "之后",
        "group.other": "其他",
        "step.raised": "发出警报",
        "step.staged": "检测器：{stage}",
        "step.updated": "{stage}，有新情况",
        "step.joined": "又有其他来源报告",
        "step.recurred": "再次发生",
        "step.claimed": "{actor} 接警",
        "step.released": "{actor} 退回",
        "step.resolved": "{actor} 处置",
        "step.reopened": "{actor} 重新打开",
        "step.closed": "关闭",
        "step.noted": "{actor} 写了备注",
        "source.alert": "警报 {v}",
        "source.resident": "{v}",
        "source.device": "设备 {v}",
        "source.event_time": "{v}",
        "source.at": "地点 {v}",
        "source.file": "{v}",
        "source.record": "记录 {v}",
        "source.label": "标注 {v}",
        "source.position": "佩戴 {v}",
        "source.rate_hz": "{v} Hz",
        "source.seconds": "长 {v} 秒",
        "source.findings": "发现 {v} 个",
        "source.impact_at_s": "冲击在第 {v} 秒",
    },
}


#: What was told of the first seconds is left out when more is known of the minutes; the console does the same.
_OUTDONE: dict[str, tuple[str, ...]] = {"still": ("no_movement",), "moving": ("no_movement", "walks_again")}

#: How an alert ended may be said by what ended it; the console does the same.
_ENDS = ("active_again", "known_absent", "sensors_back", "calm", "back_inside")


@cache
def _evidence(lang: str) -> Mapping[str, str]:
    told: dict[str, str] = json.loads(resources.files("api").joinpath(f"words/evidence.{lang}.json").read_text("utf-8"))
    return told


def usual_language() -> str:
    """Return the language that this terminal's locale asks for."""
    locale = next((value for name in _LOCALE if (value := os.environ.get(name))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def short(value: float) -> str:
    """Return the digits of a number that help a person, as the console shows them: 3.1, 0.42, 82."""
    size = abs(value)
    if size >= 50:
        return str(round(value))
    return f"{round(value, 1 if size >= 1 else 2):g}"


def clock(hour: float) -> str:
    """Return an hour of the home's clock as the console shows it: 7.25 is 07:15."""
    minutes = int(hour * 60 + 0.5) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _shown(name: str, value: float) -> str:
    """Return a number of a reason; those whose name ends in ``_at`` are hours of the clock."""
    return clock(value) if name.endswith("_at") else short(value)


@dataclass(frozen=True, slots=True)
class Words:
    """One language."""

    lang: str

    def said(self, key: str, **fill: object) -> str:
        """Return the words of a key; one that nobody knows is shown plainly (``no_such`` as ``no such``)."""
        text = _OWN[self.lang].get(key) or _evidence(self.lang).get(key)
        if text is None:
            return key.partition(".")[2].replace("_", " ")
        for name, value in fill.items():
            text = text.replace(f"{{{name}}}", short(value) if isinstance(value, float) else str(value))
        return text

    def first(self, *keys: str) -> str:
        """Return the words of the first of the keys that has any."""
        known = (key for key in keys if key in _OWN[self.lang] or key in _evidence(self.lang))
        return self.said(next(known, keys[-1]))

    def stage(self, stage: str, kind: str, codes: Sequence[str] = ()) -> str:
        """Return what a stage is called: by how it ended, by what the alert is about, by its kind, or by itself."""
        names = [*(code for code in codes if code in _ENDS), *codes[:1], kind]
        return self.first(*(f"stage.{stage}.{name}" for name in names), f"stage.{stage}")

    def heading(self, kind: str, stage: str, codes: Sequence[str]) -> str:
        """Return what an alert is called and how far it is, as the console says both."""
        name = self.first(*(f"title.{code}" for code in codes[:1]), f"kind.{kind}")
        return f"{name} · {self.stage(stage, kind, codes)}"

    def length(self, minutes: int) -> str:
        """Return a length of time as the console says it."""
        hours, rest = divmod(minutes, 60)
        if self.lang == "zh":
            return f"{rest} 分钟" if not hours else f"{hours} 小时" + (f" {rest} 分" if rest else "")
        return f"{rest} min" if not hours else f"{hours} h" + (f" {rest} min" if rest else "")

    def reasons(self, reasons: Sequence[Reason]) -> str:
        """Return why the detector decided so, as the one phrase that the console shows too."""
        by_code = {reason.code: reason for reason in reasons}
        told: list[str] = []
        for reason in reasons:
            if any(code in by_code for code in _OUTDONE.get(reason.code, ())):
                continue
            if reason.code == "impact" and "free_fall" in by_code:
                told.append(self._reason("impact_free_fall", reason.values | by_code["free_fall"].values))
            elif reason.code != "free_fall" or "impact" not in by_code:
                told.append(self._reason(reason.code, reason.values))
        return self.said("reason.join").join(told)

    def _reason(self, code: str, values: Mapping[str, float]) -> str:
        key = f"reason.{code}"
        if key in _evidence(self.lang):
            return self.said(key, **{name: _shown(name, float(value)) for name, value in values.items()})
        return " ".join([code.replace("_", " "), *(f"{short(value)} {name}" for name, value in values.items())])

    def sure(self, probability: float) -> str:
        """Return how sure a probability is, in a word or two."""
        bands = sorted((int(key[5:]) for key in _evidence(self.lang) if key.startswith("sure.")), reverse=True)
        return self.said(f"sure.{next(band for band in bands if 100 * probability >= band)}")

    @staticmethod
    def percent(probability: float) -> str:
        """Return a probability in percent; never 100, and small ones with a decimal."""
        percent = min(float(MOST_PERCENT), 100 * probability)
        return f"{percent:.0f}" if percent >= 1 else f"{percent:.1g}"
