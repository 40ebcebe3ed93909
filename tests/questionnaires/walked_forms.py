"""Rich forms that a random walk is sent through: every type, cascades, nested repeats, counts, triggers and circles of hints."""

CHOICES = """
    | choices |
    | | list_name | name | label::English (en) | label::中文 (zh) | region | district |
    | | yn | yes | Yes | 是 | | |
    | | yn | no | No | 否 | | |
    | | fruit | apple | Apple | 苹果 | | |
    | | fruit | pear | Pear | 梨 | | |
    | | fruit | plum | Plum | 李子 | | |
    | | region | north | North | 北 | | |
    | | region | south | South | 南 | | |
    | | district | n1 | N1 | 北一 | north | |
    | | district | n2 | N2 | 北二 | north | |
    | | district | s1 | S1 | 南一 | south | |
    | | community | n1a | N1a | 北一甲 | north | n1 |
    | | community | n2a | N2a | 北二甲 | north | n2 |
    | | community | s1a | S1a | 南一甲 | south | s1 |
"""

FORMS = {
    "types": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | required | constraint | parameters | default | appearance |
    | | start | start | | | | | | | |
    | | end | end | | | | | | | |
    | | today | today | | | | | | | |
    | | deviceid | phone | | | | | | | |
    | | text | t | Text | 文本 | yes | | | | multiline |
    | | integer | i | Age | 年龄 | yes | . > 17 and . < 121 | | | |
    | | decimal | d | Weight | 体重 | yes | . >= 2.5 and . <= 150 | | | |
    | | date | born | Born | 生日 | yes | . <= today() | | | |
    | | time | at | Time | 时间 | yes | | | | |
    | | dateTime | moment | Moment | 时刻 | yes | . > '2000-01-01' | | | |
    | | select_one yn | one | One | 单选 | yes | | | | minimal |
    | | select_multiple fruit | many | Many | 多选 | yes | count-selected(.) < 3 | | apple pear | |
    | | rank fruit | order | Order | 排序 | yes | | | | |
    | | range | range | Range | 范围 | yes | | start=1 end=5 step=0.5 | | |
    | | geopoint | place | Place | 地点 | yes | | | | |
    | | geotrace | way | Way | 路线 | | | | | |
    | | geoshape | field | Field | 地块 | | | | | |
    | | image | photo | Photo | 照片 | | | | | |
    | | audio | sound | Sound | 录音 | | | | | |
    | | file | paper | File | 文件 | | | | | |
    | | barcode | code | Code | 条码 | yes | | | | |
    | | acknowledge | ok | Read | 已读 | yes | | | | |
    | | note | n | It is ${t}, ${i} | 是 ${t}，${i} | | | | | |
    | | hidden | h | | | | | | 7 | |
    """,
    "relevance": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | relevant | required | calculation |
    | | select_one yn | has | Has? | 有吗 | | yes | |
    | | begin group | g | Group | 组 | ${has} = 'yes' | | |
    | | integer | kids | Kids | 孩子 | | yes | |
    | | begin group | inner | Inner | 内 | ${kids} > 0 | | |
    | | text | name | Name | 名 | | yes | |
    | | calculate | long | | | | | string-length(${name}) > 3 |
    | | end group | | | | | | |
    | | end group | | | | | | |
    | | calculate | total | | | | | coalesce(${kids}, 0) + 1 |
    | | note | told | Total ${total}, ${name} | 合计 ${total} | ${total} > 1 or ${has} = 'no' | | |
    | | text | why | Why | 为什么 | not(selected(${has}, 'yes')) and ${total} = 1 | yes | |
    """,
    "cascade": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | required | choice_filter | calculation |
    | | select_one region | region | Region | 区 | yes | | |
    | | select_one district | district | District | 县 | yes | region = ${region} | |
    | | select_one community | community | Community | 村 | yes | region = ${region} and district = ${district} | |
    | | select_multiple district | seen | Seen | 去过 | | region = ${region} or ${region} = '' | |
    | | calculate | name | | | | | jr:choice-name(${community}, '${community}') |
    | | calculate | of | | | | | instance('district')/root/item[name = ${district}]/region |
    | | begin repeat | trip | Trip | 行程 | | | |
    | | select_one region | r | Region | 区 | yes | | |
    | | select_one district | d | District | 县 | yes | region = ${r} | |
    | | end repeat | | | | | | |
    """,
    "counts": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | repeat_count | required | calculation | relevant |
    | | integer | size | Size | 人数 | | yes | | |
    | | begin repeat | member | Member | 成员 | ${size} | | | |
    | | text | name | Name | 名 | | yes | | |
    | | integer | age | Age of ${name} | ${name}的年龄 | | yes | | |
    | | calculate | n | | | | | position(..) | |
    | | integer | pets | Pets | 宠物 | | | | ${age} > 5 |
    | | begin repeat | pet | Pet | 宠物 | ${pets} | | | ${pets} > 1 |
    | | text | kind | Kind | 种类 | | yes | | |
    | | calculate | of | | | | | concat(${name}, position(..)) | |
    | | end repeat | | | | | | | |
    | | end repeat | | | | | | | |
    | | calculate | oldest | | | | | max(${age}) | |
    | | calculate | all_pets | | | | | count(${pet}) | |
    | | calculate | names | | | | | join(', ', ${name}) | |
    | | calculate | first | | | | | indexed-repeat(${name}, ${member}, 1) | |
    """,
    "nested": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | required | calculation | relevant | default |
    | | begin repeat | household | Household | 户 | | | | |
    | | text | head | Head | 户主 | yes | | | |
    | | begin group | inside | Inside | 内 | | | | |
    | | begin repeat | room | Room | 房间 | | | position(..) < 3 | |
    | | decimal | metres | Metres | 平米 | yes | | | 12.5 |
    | | begin repeat | bed | Bed | 床 | | | | |
    | | text | sleeper | Sleeper | 睡者 | | | | |
    | | calculate | label | | | | concat(${head}, ' ', position(../..), '.', position(..)) | | |
    | | end repeat | | | | | | | |
    | | calculate | beds | | | | count(${bed}) | | |
    | | end repeat | | | | | | | |
    | | end group | | | | | | | |
    | | calculate | space | | | | sum(${metres}) | | |
    | | end repeat | | | | | | | |
    | | calculate | all_space | | | | round(sum(${space}), 1) | | |
    | | calculate | rooms | | | | count(${room}) | | |
    """,
    "running total": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | calculation | required | constraint |
    | | begin repeat | entry | Entry | 条目 | | | |
    | | integer | amount | Amount | 金额 | | yes | . >= 0 and . < 1000 |
    | | calculate | so_far | | | coalesce(indexed-repeat(${so_far}, ${entry}, position(..) - 1), 0) + ${amount} | | |
    | | end repeat | | | | | | |
    | | calculate | last | | | indexed-repeat(${so_far}, ${entry}, count(${entry})) | | |
    """,
    "chosen rows": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | repeat_count | calculation | required | choice_filter |
    | | select_multiple fruit | fruits | Fruits | 水果 | | | yes | |
    | | begin repeat | one | One | 一个 | count-selected(${fruits}) | | | |
    | | calculate | code | | | | selected-at(${fruits}, position(..) - 1) | | |
    | | integer | price | Price of ${code} | ${code}的价格 | | | yes | |
    | | end repeat | | | | | | | |
    | | begin repeat | person | Person | 人 | | | | |
    | | text | called | Called | 名 | | | yes | |
    | | end repeat | | | | | | | |
    | | select_one ${called} | who | Who | 谁 | | | | ${called} != '' |
    | | select_one fruit | best | Best | 最好 | | | | selected(${fruits}, name) |
    """,
    "triggers": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | calculation | trigger | default | readonly |
    | | text | a | A | 甲 | | | | |
    | | dateTime | changed | Changed | 改时 | now() | ${a} | | yes |
    | | text | copy | Copy | 副本 | concat(${a}, '!') | ${a} | | |
    | | calculate | id | | | once(uuid()) | | | |
    | | integer | luck | Luck | 运气 | | | int(random() * 10) | |
    | | integer | more | More | 更多 | | | ${luck} + 1 | |
    | | begin repeat | r | Row | 行 | | | | |
    | | integer | x | X | 数 | | | position(..) | |
    | | integer | y | Y | 数 | ${x} * 2 | ${x} | | |
    | | end repeat | | | | | | | |
    """,
    "patterns": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | constraint | required | appearance |
    | | text | phone | Phone | 电话 | regex(., '^1[3-9][0-9]{9}$') | yes | numbers |
    | | text | code | Code | 编号 | regex(., '[A-Z]{2}-(\\d{3}x?)') and string-length(.) > 5 | yes | |
    | | text | mail | Mail | 邮箱 | regex(., '[a-z0-9.]+@[a-z]+\\.(com$cn)') | yes | |
    | | text | twice | Again | 再次 | . = ${code} | | |
    | | integer | even | Even | 偶数 | . mod 2 = 0 | yes | |
    | | text | none | Nothing | 空 | string-length(.) <= 20 | | |
    """.replace("com$cn", "com"),
    "dates": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | constraint | required | calculation |
    | | date | from | From | 从 | . <= today() | yes | |
    | | date | to | To | 到 | . >= ${from} | yes | |
    | | calculate | days | | | | | ${to} - ${from} |
    | | calculate | due | | | | | format-date(date(${from}) + 280, '%Y-%m-%d') |
    | | calculate | months | | | | | difference-in-months(${from}, ${to}) |
    | | calculate | age | | | | | int((decimal-date-time(today()) - decimal-date-time(${from})) div 365.25) |
    | | calculate | decimal | | | | | round(decimal-date-time(${from}), 3) |
    """,
    "grids": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | appearance | relevant | calculation |
    | | begin group | page | Page | 页 | field-list | | |
    | | select_one yn | h | Asks | 问 | label | | |
    | | select_one yn | q1 | One | 一 | list-nolabel | | |
    | | select_one yn | q2 | Two | 二 | list-nolabel | ${q1} = 'yes' | |
    | | select_one fruit or_other | f | Fruit | 水果 | | | |
    | | end group | | | | | | |
    | | calculate | yeses | | | | | (${q1} = 'yes') + (${q2} = 'yes') |
    | | calculate | met | | | | | checklist(1, 2, ${q1} = 'yes', ${q2} = 'yes') |
    """,
    "one of all": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | relevant | calculation | required | read_only |
    | | integer | n | N | 数 | | | yes | |
    | | integer | half | Half | 半 | | ${n} div 2 | | |
    | | integer | shown | Shown | 显示 | ${half} > 2 | ${n} + ${half} | | yes |
    | | calculate | chain1 | | | | ${chain2} + 1 | | |
    | | calculate | chain2 | | | | ${n} * 2 | | |
    | | text | a | A | 甲 | ${chain1} > 3 | | yes | |
    | | text | b | B | 乙 | ${a} != '' | | yes | |
    | | text | c | C | 丙 | string-length(${b}) > 2 and ${half} >= 1 | | yes | |
    """,
    "reasons for no answer": """
    | survey |
    | | type | name | label::English (en) | label::中文 (zh) | relevant | required | constraint | calculation | bind::missing |
    | | integer | n | N | 数 | | yes | . > 0 | | dont_know declined |
    | | integer | half | Half | 半 | | | | ${n} div 2 | dont_know |
    | | select_one yn | q | Q | 问 | ${n} = '' | yes | | | declined |
    | | select_multiple fruit | f | Fruit | 水果 | ${q} = 'yes' | yes | count-selected(.) < 3 | | dont_know |
    | | begin repeat | r | R | 行 | | | | | |
    | | text | who | Who | 谁 | | yes | | | declined |
    | | date | born | Born | 生日 | ${who} != '' | yes | | | dont_know |
    | | end repeat | | | | | | | | |
    | | calculate | rows | | | | | | count(${r}) | |
    """,
}
