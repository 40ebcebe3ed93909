"""The sentences for what can be wrong with a questionnaire: code -> (English, Chinese).

Each says what is wrong and what to do about it; the place is told beside it. Codes are never reused for another
meaning.
"""

# ruff: noqa: E501 - a catalogue reads best with a sentence a line.
from __future__ import annotations

from collector.questionnaires.beside_messages import BESIDE_MESSAGES
from collector.questionnaires.converter_messages import CONVERTER_MESSAGES

MESSAGES: dict[str, tuple[str, str]] = {
    **BESIDE_MESSAGES,
    **CONVERTER_MESSAGES,
    # The file
    "file_too_large": (
        "The file has {size_mb} MB; at most {limit_mb} MB are read. Remove pictures and sheets that the form does not need.",
        "文件有 {size_mb} MB，最多读取 {limit_mb} MB。请删去表格用不到的图片和工作表。",
    ),
    "file_empty": ("The file is empty.", "文件是空的。"),
    "not_a_workbook": (
        "This is not an Excel workbook: it is a text file or another kind of file under the name {name}. "
        "Save it from the spreadsheet program as .xlsx and upload that.",
        "这不是 Excel 工作簿：{name} 其实是文本文件或其他格式的文件。请在表格软件中另存为 .xlsx 后再上传。",
    ),
    "workbook_damaged": (
        "The workbook cannot be read; it is damaged or not an XLSForm workbook. Open it in the spreadsheet program, save it as .xlsx and try again.",
        "工作簿无法读取，可能已损坏。请用表格软件打开，另存为 .xlsx 后再试。",
    ),
    "workbook_expands": (
        "The workbook unpacks to far more than a questionnaire needs ({size_mb} MB; the limit is {limit_mb} MB). It was not opened.",
        "工作簿解压后过大（{size_mb} MB，上限 {limit_mb} MB），远超一份问卷所需，未予打开。",
    ),
    "workbook_unsafe": (
        "The workbook holds XML declarations (DOCTYPE, ENTITY) that no spreadsheet program writes. It was not opened.",
        "工作簿内含表格软件不会写入的 XML 声明（DOCTYPE、ENTITY），未予打开。",
    ),
    "workbook_encrypted": (
        "The workbook is protected with a password. Remove the password and upload it again.",
        "工作簿设有密码。请去除密码后重新上传。",
    ),
    "too_many_rows": (
        "The sheet has more than {limit} rows. Longer choice lists belong in a separate file.",
        "该工作表超过 {limit} 行。更长的选项表请放在单独的文件中。",
    ),
    "workbook_empty": (
        "The workbook has no questions: the sheet survey is empty. Put one question a row under the headers type, name and label.",
        "工作簿中没有题目：survey 工作表是空的。请在 type、name、label 表头下每行写一道题。",
    ),
    # Sheets and columns
    "sheet_missing": (
        "The sheet {sheet} is missing. The sheet {similar} looks like it: rename it to {sheet}.",
        "缺少工作表 {sheet}。工作表 {similar} 与之相近：请改名为 {sheet}。",
    ),
    "survey_missing": (
        "The sheet survey is missing. Sheets found: {sheets}. Name the sheet with the questions survey.",
        "缺少工作表 survey。现有工作表：{sheets}。请把写有题目的工作表命名为 survey。",
    ),
    "choices_missing": (
        "The sheet choices is missing, but the question {name} takes its choices from the list {list}. Add a sheet choices with the columns list_name, name and label.",
        "缺少工作表 choices，而题目 {name} 要用选项表 {list}。请添加工作表 choices，表头为 list_name、name、label。",
    ),
    "sheet_similar": (
        "The sheet {similar} is not read. If it is meant to be {sheet}, rename it.",
        "工作表 {similar} 不会被读取。如果它应当是 {sheet}，请改名。",
    ),
    "column_missing": (
        "The column {column} is missing. Add a header {column} in row 1.",
        "缺少列 {column}。请在第 1 行添加表头 {column}。",
    ),
    "columns_conflict": (
        "The columns {first} and {second} mean the same and have different values in this row ({first_value} and {second_value}). Remove one of them.",
        "列 {first} 与 {second} 含义相同，但本行的值不同（{first_value} 和 {second_value}）。请删去其中一列。",
    ),
    "columns_merged": (
        "The columns {first} and {second} mean the same; they were read as one.",
        "列 {first} 与 {second} 含义相同，已合并读取。",
    ),
    "column_ignored": ("The column {column} has no effect here.", "列 {column} 在此不起作用。"),
    "column_similar": (
        "The column {column} is not read. Did you mean {near}?",
        "列 {column} 不会被读取。是否想写 {near}？",
    ),
    # Questions
    "type_missing": (
        "The question {name} has no type. Write one, such as text, integer or select_one list.",
        "题目 {name} 没有类型。请填写，例如 text、integer 或 select_one 选项表。",
    ),
    "type_read_as": (
        "{type} is not a question type of XLSForm; it is asked as {meaning}.",
        "{type} 不是 XLSForm 的题目类型，将按 {meaning} 填写。",
    ),
    "type_include": (
        "include is not supported: the rows of other forms are not fetched. Copy them into this sheet.",
        "不支持 include：不会读入其他表格的内容。请把那些行复制到本表。",
    ),
    "type_kobo": (
        "{type} works only in KoboToolbox's form builder. Write its questions out as ordinary rows: {remedy}",
        "{type} 只能在 KoboToolbox 的编辑器中使用。请改写为普通的题目行：{remedy}",
    ),
    "type_kobo_read": (
        "{type} {name} is KoboToolbox's own. It is asked as ordinary questions in groups, under the names that KoboToolbox gives them.",
        "{type} {name} 是 KoboToolbox 特有的题型，将拆成分组的普通题目，名称与 KoboToolbox 相同。",
    ),
    "type_osm": (
        "osm questions need the app OpenMapKit; here a file is asked for instead.",
        "osm 题目需要 OpenMapKit 应用；此处改为请填写人附上文件。",
    ),
    "type_unknown": (
        "{type} is not a question type. Use one such as text, integer, select_one list, date, note.",
        "{type} 不是题目类型。请使用 text、integer、select_one 选项表、date、note 等。",
    ),
    "type_unknown_near": (
        "{type} is not a question type. Did you mean {near}?",
        "{type} 不是题目类型。是否想写 {near}？",
    ),
    "name_missing": (
        "The {type} has no name. Give it one: letters, digits and _, beginning with a letter.",
        "该 {type} 没有名称。请填写 name：字母、数字和下划线，以字母开头。",
    ),
    "name_invalid": (
        "{name} cannot be a name. Names begin with a letter or _ and go on with letters, digits, _, - or full stops, without spaces.",
        "{name} 不能作为名称。名称须以字母或下划线开头，其后只用字母、数字、_、- 或句点，不能有空格。",
    ),
    "name_reserved": (
        "The name meta is reserved for the form's own particulars. Choose another name.",
        "名称 meta 由系统保留。请换一个名称。",
    ),
    "name_twice": (
        "The name {name} is used twice in the same group (rows {rows}). Give one of them another name.",
        "名称 {name} 在同一组内出现两次（第 {rows} 行）。请给其中一个改名。",
    ),
    "list_missing": (
        "The list {list} is not on the sheet choices. Add its choices there, or correct the list's name.",
        "choices 工作表中没有选项表 {list}。请在其中添加，或更正名称。",
    ),
    "list_missing_near": (
        "The list {list} is not on the sheet choices. Did you mean {near}?",
        "choices 工作表中没有选项表 {list}。是否想写 {near}？",
    ),
    "list_not_named": (
        "{type} needs the name of a list: write {type} followed by the list's name.",
        "{type} 后面要写选项表的名称。",
    ),
    "calculation_missing": (
        "The calculate {name} has no calculation. Write one in the column calculation.",
        "calculate 题 {name} 没有计算式。请在 calculation 列填写。",
    ),
    "group_not_closed": (
        "begin {kind} {name} in row {row} has no end {kind}. Add a row end {kind} where it ends.",
        "第 {row} 行的 begin {kind} {name} 没有对应的 end {kind}。请在结束处添加一行 end {kind}。",
    ),
    "group_not_opened": (
        "end {kind} in row {row} ends nothing: no begin {kind} is open here. Remove the row or add the begin {kind}.",
        "第 {row} 行的 end {kind} 没有对应的 begin {kind}。请删去该行，或补上 begin {kind}。",
    ),
    "group_crossed": (
        "end {kind} in row {row} stands where {open_kind} {open_name} (row {open_row}) is still open. Close that one first with end {open_kind}.",
        "第 {row} 行的 end {kind} 处，第 {open_row} 行的 {open_kind} {open_name} 尚未结束。请先用 end {open_kind} 结束它。",
    ),
    "group_required": (
        "required has no effect on a {kind} (row {row}). Set it on the questions inside.",
        "required 对 {kind}（第 {row} 行）不起作用。请设在其中的题目上。",
    ),
    "save_to_alone": (
        "save_to keeps the answer in the property {property} of an entity, but there is no sheet entities that says of which. Add it, with the columns list_name and label.",
        "save_to 要把答案存入实体的属性 {property}，但缺少工作表 entities 说明是哪一种实体。请添加该表，列名为 list_name 和 label。",
    ),
    "missing_unknown": (
        "{word} is no reason for an answer to be missing, so no button is made of it. Reasons are declined and dont_know, with a space between them.",
        "{word} 不是可用的未答原因，不会生成按钮。可用的原因是 declined（拒绝回答）和 dont_know（不知道），中间用空格隔开。",
    ),
    "missing_unknown_near": (
        "{word} is no reason for an answer to be missing, so no button is made of it. Did you mean {near}?",
        "{word} 不是可用的未答原因，不会生成按钮。是否想写 {near}？",
    ),
    "missing_not_asked": (
        "Nobody is asked {name}, so its answer has no reason to be missing; the cell has no effect.",
        "{name} 不需要填写人回答，无须说明未答原因；该单元格不起作用。",
    ),
    "personal_unclear": (
        "The column personal of {name} says {value}. Write yes where the answer tells who somebody is, no or nothing where it does not.",
        "{name} 的 personal 列填了 {value}。回答能看出是谁的题目请填 yes（或 是），其他题目填 no 或留空。",
    ),
    "consent_twice": (
        "{name} is said to ask for consent, and {first} in row {row} does already. Leave the column consent empty in all rows but one.",
        "{name} 被标为征求同意的题目，但第 {row} 行的 {first} 已经是了。consent 列只能有一行填写。",
    ),
    "consent_type": (
        "{name} is of the type {type} and cannot ask for consent. Put the column consent beside a select_one question or an acknowledge question.",
        "{name} 的题型是 {type}，不能用来征求同意。请把 consent 列填在 select_one 或 acknowledge 题目上。",
    ),
    "consent_repeat": (
        "{name} stands in a repeat, so that it would be asked several times in one response. Move the question about consent out of the repeat.",
        "{name} 在重复组内，一份答卷会问多次。请把征求同意的题目移到重复组之外。",
    ),
    "consent_choice": (
        "The column consent of {name} says {value}, which is none of its answers: {choices}. Write the names of the choices that mean yes, with blanks between them.",
        "{name} 的 consent 列填了 {value}，但它的选项只有：{choices}。请填写表示同意的选项名称，多个用空格隔开。",
    ),
    "default_file": (
        "A file cannot be an answer before anybody adds one; the default of {name} is left out.",
        "文件题不能预先填好；{name} 的默认值已忽略。",
    ),
    "label_missing": (
        "The question {name} has no label, so nobody would see what is asked. Fill in the column label (or hint).",
        "题目 {name} 没有 label，填写人看不到题干。请填写 label（或 hint）列。",
    ),
    # References and expressions
    "reference_unknown": (
        "{value} refers to ${{{name}}}, but no question has that name. Correct the name.",
        "{value} 引用了 ${{{name}}}，但没有题目叫这个名称。请更正。",
    ),
    "reference_unknown_near": (
        "{value} refers to ${{{name}}}, but no question has that name. Did you mean ${{{near}}}?",
        "{value} 引用了 ${{{name}}}，但没有题目叫这个名称。是否想写 ${{{near}}}？",
    ),
    "reference_ambiguous": (
        "{value} refers to ${{{name}}}, but several questions have that name (rows {rows}). Give them different names.",
        "{value} 引用了 ${{{name}}}，但有多道题叫这个名称（第 {rows} 行）。请分别命名。",
    ),
    "reference_malformed": (
        "{value} holds ${{ without a question's name and }}. Write ${{name}}.",
        "{value} 中的 ${{ 后面缺少题目名称或 }}。请写成 ${{name}}。",
    ),
    "expression_syntax": (
        "This expression cannot be read: {value}. {detail}",
        "表达式无法解读：{value}。请检查括号、引号和运算符是否成对、正确（{detail}）",
    ),
    "expression_function": (
        "This expression calls a function that there is not, or with too few or too many values: {value}. {detail}",
        "表达式调用了不存在的函数，或参数个数不对：{value}（{detail}）",
    ),
    "expression_list": (
        "This expression asks for a list that the form does not have: {value}. {detail}",
        "表达式引用了表格中没有的选项表：{value}（{detail}）",
    ),
    "expression_host_list": (
        "This expression reads what only the app of the CHT knows about the person; here it is empty: {value}.",
        "表达式读取的是 CHT 应用才有的个人资料，此处为空：{value}。",
    ),
    "expression_circle": (
        "These depend on each other in a circle, so they can never be worked out: {members} (rows in brackets). Take one of the references out.",
        "以下题目互相引用成环，无法得出结果：{members}（括号内为行号）。请去掉其中一处引用。",
    ),
    "expression_path": (
        "Part of this expression names no question and counts as empty: {value}. Put words in quotes, and questions in ${{}}. {detail}",
        "表达式中有一部分不是题目名称，将视为空：{value}。文字请加引号，题目请写成 ${{名称}}（{detail}）",
    ),
    "model_unreadable": (
        "The form's logic could not be checked: {detail}",
        "无法检查表格的逻辑：{detail}",
    ),
    "quotes_straightened": (
        "Curly quotes and full-width signs in this expression were read as plain ones: {value}",
        "表达式中的弯引号和全角符号已按半角读取：{value}",
    ),
    # Choices
    "choice_twice": (
        "list {list} has the name {name} twice (rows {rows}). Give one of them another name; if it is meant so, "
        "set allow_choice_duplicates to yes on the sheet settings.",
        "选项表 {list} 中名称 {name} 出现两次（第 {rows} 行）。请给其中一个改名；若有意如此，请在 settings 工作表把 allow_choice_duplicates 设为 yes。",
    ),
    "choice_twice_filtered": (
        "list {list} has {count} names more than once, such as {name} (rows {rows}). The choice_filter keeps them apart, so they were taken; "
        "in exports the name alone does not tell which was chosen.",
        "选项表 {list} 中有 {count} 个名称重复，例如 {name}（第 {rows} 行）。choice_filter 能区分，因此予以接受；但导出数据中仅凭名称无法得知选的是哪一个。",
    ),
    "choice_name_missing": (
        "A choice of the list {list} has no name. Fill in the column name.",
        "选项表 {list} 中有选项没有名称。请填写 name 列。",
    ),
    "choice_list_missing": (
        "The choice {name} belongs to no list. Fill in the column list_name.",
        "选项 {name} 没有写所属的选项表。请填写 list_name 列。",
    ),
    "choice_label_missing": (
        "The choice {name} of the list {list} has no label; its name will be shown.",
        "选项表 {list} 的选项 {name} 没有 label，将显示其名称。",
    ),
    "choice_space_multiple": (
        "The choice {name} of the list {list} (row {row}) has a space in its name, and {question} allows several choices, whose names are kept "
        "separated by spaces. Write it without the space, such as {remedy}.",
        "选项表 {list} 第 {row} 行的选项名 {name} 含有空格，而多选题 {question} 以空格分隔所选名称。请去掉空格，例如写成 {remedy}。",
    ),
    "choice_space_single": (
        "The list {list} has {count} names with a space in them, such as {name}. They work with select_one, but not with select_multiple.",
        "选项表 {list} 中有 {count} 个选项名含有空格，例如 {name}。单选题可用，多选题不可用。",
    ),
    # Settings and translations
    "form_id_missing": (
        "The sheet settings gives no form_id; {form_id} was taken from the file's name. Later versions need the same form_id: write it down there.",
        "settings 工作表没有 form_id，已用文件名作为 {form_id}。以后的版本须用相同的 form_id，请写在该表中。",
    ),
    "form_id_invalid": (
        "The form_id {form_id} cannot stand in addresses and file names: leave out / \\ % ? # and do not begin with a full stop.",
        "form_id {form_id} 不能用于网址和文件名：请去掉 / \\ % ? #，且不要以句点开头。",
    ),
    "setting_too_long": (
        "The {column} is longer than {limit} characters. Shorten it.",
        "{column} 超过 {limit} 个字符，请缩短。",
    ),
    "public_key_ignored": (
        "The public_key has no effect: responses are not encrypted in the file itself. They travel by HTTPS and are kept on your own server. "
        "Remove the public_key, so that nobody relies on it.",
        "public_key 不起作用：答卷文件本身不加密，而是通过 HTTPS 传输并保存在您自己的服务器上。请删去 public_key，以免误以为已加密。",
    ),
    "setting_ignored": (
        "The setting {column} has no effect here: phones send each finished response to this server by themselves and keep it until it has arrived.",
        "设置 {column} 在此不起作用：手机会自动把完成的答卷发送到本服务器，并保留到送达为止。",
    ),
    "default_language_unknown": (
        "The default language {language} has no columns. Languages found: {languages}.",
        "默认语言 {language} 没有对应的列。现有语言：{languages}。",
    ),
    "translation_missing": (
        "{what} has no text in {language}; the default language is shown there.",
        "{what} 没有{language}文本，将显示默认语言的文本。",
    ),
    "translations_more": (
        "{count} more texts have no translation.",
        "另有 {count} 处文本没有译文。",
    ),
    "place_path_unknown": (
        "place_path names {name}, but no question has that name. It lists the questions that tell the place, highest level first.",
        "place_path 中的 {name} 不是任何题目的名称。它应列出说明地点的题目，由高到低。",
    ),
    # Conversion
    "conversion_failed": (
        "The form could not be converted: {detail}",
        "表格无法转换：{detail}",
    ),
    "conversion_note": ("{detail}", "转换提示：{detail}"),
    "conversion_slow": (
        "The conversion took longer than {seconds} seconds and was stopped. Put long choice lists into a CSV file (select_one_from_file), or divide the form.",
        "转换超过 {seconds} 秒，已中止。请把长的选项表放到 CSV 文件中（select_one_from_file），或拆分表格。",
    ),
    "xform_malformed": (
        "This is not an XForm: {detail}",
        "这不是有效的 XForm：{detail}",
    ),
    "action_unsupported": (
        "A browser cannot record sound in the background; {name} stays empty. Ask for a recording with the type audio.",
        "浏览器无法在后台录音，{name} 将为空。如需录音，请使用 audio 题型。",
    ),
}
