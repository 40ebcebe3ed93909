"""The small parts of a workbook: what stands around its worksheets (ECMA-376 part 1, section 12.3). Pure."""

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from collector.export.writers.xlsx_cells import as_xml, column_letters

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
CORE_CONTENT = "application/vnd.openxmlformats-package.core-properties+xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

PACKAGE_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{RELATIONS}">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)

#: Fonts: plain and bold. Formats of cells by number: plain, header, day, moment; see xlsx_cells.py.
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


@dataclass(frozen=True)
class Part:
    """A worksheet that was written: its name, and how many columns and rows it has, the header's among them."""

    name: str
    columns: int
    rows: int

    @property
    def area(self) -> str:
        """All its cells, `A1:C10`."""
        return f"A1:{column_letters(self.columns - 1)}{self.rows}"


def core_properties(title: str) -> str:
    """Who made the workbook and of what; no date, which would make another file of the same responses."""
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{CORE}" xmlns:dc="{DUBLIN_CORE}"><dc:title>{as_xml(title)}</dc:title>'
        "<dc:creator>Collector</dc:creator></cp:coreProperties>"
    )


def content_types(parts: list[Part]) -> str:
    """What each part is."""
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{CONTENT}.worksheet+xml"/>'
        for number in range(1, len(parts) + 1)
    )
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{CONTENT}.styles+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{CORE_CONTENT}"/>{sheets}</Types>'
    )


def workbook(parts: list[Part]) -> str:
    """The list of worksheets, and the area of each that its filter is for."""
    sheets = "".join(
        f'<sheet name={quoteattr(part.name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, part in enumerate(parts, start=1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{index}" hidden="1">{_absolute(part)}</definedName>'
        for index, part in enumerate(parts)
        if part.columns
    )
    names = f"<definedNames>{filters}</definedNames>" if filters else ""
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{sheets}</sheets>{names}</workbook>"
    )


def workbook_relations(parts: list[Part]) -> str:
    """Where the parts of the workbook are."""
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(parts) + 1)
    )
    styles = f'<Relationship Id="rId{len(parts) + 1}" Type="{OFFICE}/styles" Target="styles.xml"/>'
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{sheets}{styles}</Relationships>'


def sheet_head(widths: list[int], *, is_first: bool) -> str:
    """The beginning of a worksheet: its first row stays in sight, its columns are `widths` characters wide."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    selected = ' tabSelected="1"' if is_first else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView{selected} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def sheet_foot(part: Part) -> str:
    """The end of a worksheet: its filter, and that texts of digits are meant so, lest Excel offer to change them."""
    if not part.columns:
        return "</sheetData></worksheet>"
    return (
        f'</sheetData><autoFilter ref="{part.area}"/>'
        f'<ignoredErrors><ignoredError sqref="{part.area}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _absolute(part: Part) -> str:
    quoted = part.name.replace("'", "''")
    return as_xml(f"'{quoted}'!$A$1:${column_letters(part.columns - 1)}${part.rows}")
