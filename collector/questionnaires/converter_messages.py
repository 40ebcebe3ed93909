"""What pyxform says of a form that passed our own checks -> findings in both languages, for what authors do meet."""

from __future__ import annotations

import re

# A pattern of pyxform's sentence -> the code of ours; named groups are its values.
_PATTERNS = (
    (re.compile(r"Parameters must be in the form"), "parameters_malformed"),
    (
        re.compile(r"accepted parameter keys for this question type are '(?P<accepted>[^']*)'.*key\(s\): '(?P<wrong>[^']*)'", re.DOTALL),
        "parameters_unknown",
    ),
    (re.compile(r"For the 'range' question type, the parameters? (?P<detail>.*)", re.DOTALL), "parameters_range"),
    (re.compile(r"parameter (?P<name>[\w-]+) must have an integer value", re.IGNORECASE), "parameters_number"),
    (re.compile(r"same instance id will be generated.*?Instance name: '(?P<name>[^']*)'", re.DOTALL), "list_id_twice"),
    (re.compile(r"must have a comma between each variable"), "trigger_comma"),
    (re.compile(r"Question '(?P<name>[^']*)' uses 'search\(\)'.*?choice list name '(?P<list>[^']*)'", re.DOTALL), "search_mixed"),
    (re.compile(r"the 'name' value '(?P<name>[^']*)' is invalid\. Repeat names must (?:be )?unique"), "repeat_twice"),
    (re.compile(r"list names don't match: (?P<first>\S+) vs\. (?P<second>\S+)"), "table_list_mixed"),
    (re.compile(r"Choice filter not supported for table-list"), "table_list_filter"),
)  # fmt: skip

CONVERTER_MESSAGES: dict[str, tuple[str, str]] = {
    "parameters_malformed": (
        "The parameters cannot be read. Write them as name=value, separated by spaces, such as start=1 end=10.",
        "parameters 无法解读。请写成 名称=值，用空格隔开，例如 start=1 end=10。",
    ),
    "parameters_unknown": (
        "This question type does not know the parameters {wrong}. It knows: {accepted}.",
        "此题型没有参数 {wrong}。可用的有：{accepted}。",
    ),
    "parameters_range": (
        "The parameters of this range do not fit together: {detail}",
        "range 题的参数互相不符：{detail}",
    ),
    "parameters_number": (
        "A parameter must be a whole number: {name}.",
        "参数必须是整数：{name}。",
    ),
    "list_id_twice": (
        "Two different files or lists are both called {name}. Rename one of them.",
        "有两个不同的文件或选项表都叫 {name}。请给其中一个改名。",
    ),
    "trigger_comma": (
        "The trigger names several questions: put a comma between them, such as ${{a}}, ${{b}}.",
        "trigger 写了多道题：请用逗号隔开，例如 ${{a}}, ${{b}}。",
    ),
    "search_mixed": (
        "{name} uses search() with the list {list}, and another question uses that list without it. Give one of them a list of its own.",
        "题目 {name} 对选项表 {list} 使用了 search()，而另一题直接使用该表。请为其中一题另建选项表。",
    ),
    "repeat_twice": (
        "Two repeats are called {name}. Repeats need different names, in different groups too.",
        "有两个 repeat 都叫 {name}。repeat 的名称不能重复，即使在不同的组内。",
    ),
    "table_list_mixed": (
        "The questions of a table-list group must share one list; here are {first} and {second}.",
        "table-list 组内的题目须用同一个选项表，这里有 {first} 和 {second}。",
    ),
    "table_list_filter": (
        "A table-list group cannot have a choice_filter. Take the filter or the appearance out.",
        "table-list 组不能使用 choice_filter。请去掉筛选或该外观。",
    ),
}


def read_message(message: str) -> tuple[str, dict[str, object]] | None:
    """Our code and values for pyxform's sentence; None where there is none of ours."""
    for pattern, code in _PATTERNS:
        found = pattern.search(message)
        if found:
            return code, {key: " ".join(value.split()) for key, value in found.groupdict().items()}
    return None
