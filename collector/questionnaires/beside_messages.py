"""The sentences for what can be wrong with files beside a workbook: code -> (English, Chinese), as in messages.py."""

# ruff: noqa: E501 - a catalogue reads best with a sentence a line.
from __future__ import annotations

BESIDE_MESSAGES: dict[str, tuple[str, str]] = {
    "search_malformed": (
        "This search() cannot be understood: {part}. Write search('file'), or search('file', 'contains', 'column', ${{question}}), "
        "or the same with a further 'column' and its value; instead of contains also matches, startswith or endswith.",
        "search() 写法有误：{part}。请写成 search('文件')，或 search('文件', 'contains', '列', ${{题目}})，后面还可加一对 '列' 与值；contains 也可换成 matches、startswith、endswith。",
    ),
    "file_missing_list": (
        "The list file {file} is not among the uploaded files; it is empty until then. Upload it together with the workbook.",
        "上传的文件中没有选项表文件 {file}，在此之前其中没有选项。请与工作簿一起上传。",
    ),
    "file_missing_media": (
        "The file {file} is not among the uploaded files; nothing is shown in its place. Upload it together with the workbook.",
        "上传的文件中没有 {file}，该处将不显示。请与工作簿一起上传。",
    ),
    "file_beside_too_large": (
        "The file {file} is larger than {limit_mb} MB. Make it smaller: pictures of 1,600 pixels are large enough for a phone.",
        "文件 {file} 超过 {limit_mb} MB。请缩小后再上传：手机上图片 1600 像素已足够。",
    ),
    "files_too_large": (
        "The files together are larger than {limit_mb} MB. Every phone would have to fetch them all.",
        "文件总大小超过 {limit_mb} MB，每部手机都要全部下载。请减少或缩小文件。",
    ),
    "files_too_many": (
        "There are more than {limit} files. Leave out those that the form does not name.",
        "文件超过 {limit} 个。请去掉表格中没有用到的文件。",
    ),
    "file_name_twice": (
        "There are two files named {file}. A form knows its files by name: rename or remove one.",
        "有两个同名文件 {file}。表格按文件名识别文件，请改名或去掉其中一个。",
    ),
    "archive_damaged": (
        "The archive {file} cannot be unpacked. Make it again as a .zip without a password.",
        "压缩包 {file} 无法解开。请重新压缩为不带密码的 .zip。",
    ),
    "archive_workbooks": (
        "The archive {file} holds {count} workbooks. It must hold one, and the files that its form names.",
        "压缩包 {file} 中有 {count} 个工作簿。应只有一个工作簿，以及其中用到的文件。",
    ),
    "file_unused": (
        "The file {file} was uploaded, but the form names it nowhere.",
        "已上传文件 {file}，但表格中没有用到它。",
    ),
    "file_encoding": (
        "The file {file} is not in UTF-8; it was read as {encoding}. If letters look wrong, save it as CSV UTF-8.",
        "文件 {file} 不是 UTF-8 编码，已按 {encoding} 读取。如果文字不对，请另存为 CSV UTF-8。",
    ),
    "file_list_binary": (
        "The file {file} is not a text file. Save the list as CSV UTF-8 and upload that.",
        "文件 {file} 不是文本文件。请把选项表另存为 CSV UTF-8 后再上传。",
    ),
    "file_list_empty": (
        "The file {file} is empty. Its first line must name the columns.",
        "文件 {file} 是空的。第一行应为列名。",
    ),
    "file_list_quotes": (
        "The file {file} has a quotation mark that is never closed, or one in the wrong place.",
        "文件 {file} 中有引号未成对，或位置不对。",
    ),
    "file_list_width": (
        "This line of {file} has {found} values, but the first line names {expected} columns. A value that holds the dividing sign must stand in quotes.",
        "文件 {file} 的这一行有 {found} 个值，而第一行只有 {expected} 个列名。含有分隔符的值须加引号。",
    ),
    "file_list_column_twice": (
        "The file {file} has the column {column} twice. Rename or remove one of them.",
        "文件 {file} 中列名 {column} 出现两次。请改名或删去其中一列。",
    ),
    "file_list_syntax": (
        "The file {file} cannot be read: {detail}",
        "文件 {file} 无法读取：{detail}",
    ),
    "file_list_unsafe": (
        "The file {file} holds a document type declaration (DOCTYPE), which no list needs. Remove it.",
        "文件 {file} 中有选项表不需要的文档类型声明（DOCTYPE）。请删去。",
    ),
    "file_list_features": (
        "The file {file} is not a GeoJSON FeatureCollection. Export the places as one.",
        "文件 {file} 不是 GeoJSON FeatureCollection。请按此格式导出地点。",
    ),
    "file_list_feature": (
        "Feature {number} of {file} cannot be read. Each needs properties and a geometry: a Point, LineString or Polygon.",
        "文件 {file} 的第 {number} 个要素无法读取。每个要素须有 properties 和 geometry（Point、LineString 或 Polygon）。",
    ),
}
