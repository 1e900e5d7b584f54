"""The detector's features in words, with their units."""

from stack.explain.words import Words

#: name -> (English, Chinese, unit). One that is missing is shown by its name.
_NAMED: dict[str, tuple[str, str, str]] = {
    "peak": ("hardest sample", "最大冲击", "g"),
    "peak_full": ("hardest 40 ms", "40 毫秒最大均值", "g"),
    "peak_common": ("hardest sample, cut at 2 g an axis", "最大冲击（每轴截到 2 g）", "g"),
    "peak_bin": ("hardest 40 ms, cut at 2 g an axis", "40 毫秒最大均值（每轴截到 2 g）", "g"),
    "hit_area": ("size of the hit", "冲击面积", "g s"),
    "hit_long": ("hard for", "冲击持续", "s"),
    "hit_spread": ("spread of the hit", "冲击幅度", "g"),
    "jolt_peak": ("hardest jolt", "最大突变", "g"),
    "next_mean": ("mean right after", "紧随其后的均值", "g"),
    "next_min": ("lightest right after", "紧随其后的最小值", "g"),
    "low": ("lightest before the hit", "冲击前最轻", "g"),
    "low_to_hit": ("from the lightest to the hit", "最轻到冲击", "s"),
    "free_fall": ("below 0.6 g for", "低于 0.6 g", "s"),
    "light": ("below 0.8 g for", "低于 0.8 g", "s"),
    "drop": ("size of the drop", "失重面积", "g s"),
    "turned": ("turned by", "转动", "°"),
    "turned_late": ("turned in the end by", "最终转动", "°"),
    "turning": ("turned while falling by", "下落中转动", "°"),
    "settling": ("turned after the hit by", "冲击后转动", "°"),
    "upright_before": ("steadiness of posture before", "之前姿态的稳定", "g"),
    "upright_after": ("steadiness of posture after", "之后姿态的稳定", "g"),
    "after_mean": ("mean afterwards, from 1 g", "之后均值与 1 g 之差", "g"),
    "busy_before": ("movement before", "之前的活动", "g"),
    "busy_descent": ("movement while falling", "下落中的活动", "g"),
    "busy_next": ("movement in the next second", "之后一秒的活动", "g"),
    "busy_after": ("movement afterwards", "之后的活动", "g"),
    "quietest": ("quietest half second", "最静的半秒", "g"),
    "quiet": ("quiet for", "静止", "s"),
    "after_most": ("hardest jolt afterwards", "之后最大突变", "g"),
    "rest_high": ("most afterwards", "之后最大", "g"),
    "rest_low": ("least afterwards", "之后最小", "g"),
    "before_high": ("most before", "之前最大", "g"),
    "before_low": ("least before", "之前最小", "g"),
    "before_hard": ("hard before for", "之前高于 1.5 g", "s"),
    "walking": ("rhythm of steps before", "之前的步伐节律", ""),
    "rhythm_on": ("rhythm of steps afterwards", "之后的步伐节律", ""),
    "hit_speed": ("speed taken by the blow", "冲击消去的速度", "m/s"),
    "fall_speed": ("speed gained before it", "之前获得的速度", "m/s"),
    "swing": ("from the lightest to the hardest", "最轻到最重的差", "g"),
    "tilt": ("body tilted by", "身体倾斜", "°"),
    "tilt_soon": ("body tilted at once by", "身体随即倾斜", "°"),
    "stillest": ("stillest half second", "最静的半秒", "g"),
    "stirring": ("stirring afterwards", "之后的动静", "g"),
    "alone_before": ("blow above what was before", "冲击高出之前", "g"),
    "alone_after": ("blow above what came after", "冲击高出之后", "g"),
    "steps": ("rhythm of steps before", "之前的步伐节律", ""),
    "cut_in_step": ("data end in mid-step", "数据在步行中中断", ""),
    "pre_s": ("data before", "之前的数据", "s"),
    "post_s": ("data afterwards", "之后的数据", "s"),
}
#: Of a stretch of the course, by what stands before its time.
_STRETCH: dict[str, tuple[str, str, str]] = {
    "mean": ("mean |a| at {at} s", "{at} 秒处 |a| 均值", "g"),
    "most": ("most |a| at {at} s", "{at} 秒处 |a| 最大", "g"),
    "least": ("least |a| at {at} s", "{at} 秒处 |a| 最小", "g"),
    "jolt": ("movement at {at} s", "{at} 秒处的活动", "g"),
    "as_end": ("lies as in the end at {at} s", "{at} 秒处姿态与最后相同", ""),
    "as_start": ("hangs as at the start at {at} s", "{at} 秒处姿态与开始相同", ""),
}


def feature_words(name: str, words: Words) -> tuple[str, str]:
    """Return a feature's name in words, and its unit ('' for none)."""
    what, _, at = name.partition("@")
    told = _STRETCH.get(what) if at else _NAMED.get(name)
    if told is None:
        return name, ""
    english, chinese, unit = told
    return (chinese if words.lang == "zh" else english).replace("{at}", at), unit
