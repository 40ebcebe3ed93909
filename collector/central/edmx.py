"""`$metadata`: the entity model of a questionnaire, by which Power BI and Excel read the feed. Pure.

Source: OData Version 4.0, part 3 (CSDL); names as ODK Central gives them, which those programs are known to read.
"""

from collections.abc import Iterator

from lxml import etree

from collector.central.names import identifier
from collector.central.schema import ID, SYSTEM, EntityTable, Field, FormSchema, Group, Link, members_of

EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
EDM = "http://docs.oasis-open.org/odata/ns/edm"
#: Namespace of what all questionnaires share, and the beginning of each one's own.
SHARED, OWN = "org.opendatakit.submission", "org.opendatakit.user"
#: Properties of `__system` and their types.
SYSTEM_TYPES = {
    "submissionDate": "Edm.DateTimeOffset",
    "updatedAt": "Edm.DateTimeOffset",
    "deletedAt": "Edm.DateTimeOffset",
    "submitterId": "Edm.String",
    "submitterName": "Edm.String",
    "attachmentsPresent": "Edm.Int64",
    "attachmentsExpected": "Edm.Int64",
    "status": f"{SHARED}.Status",
    "reviewState": f"{SHARED}.ReviewState",
    "deviceId": "Edm.String",
    "edits": "Edm.Int64",
    "formVersion": "Edm.String",
}
ENUMERATIONS = {
    "Status": ("notDecrypted", "missingEncryptedFormData"),
    "ReviewState": ("hasIssues", "edited", "rejected", "approved"),
}
#: Types by data type of docs/form-model.md; all else is a text.
TYPES = {
    "int": "Edm.Int64",
    "decimal": "Edm.Decimal",
    "boolean": "Edm.Boolean",
    "date": "Edm.Date",
    "dateTime": "Edm.DateTimeOffset",
    "geopoint": "Edm.GeographyPoint",
    "geotrace": "Edm.GeographyLineString",
    "geoshape": "Edm.GeographyPolygon",
}
_CAPABILITIES = "Org.OData.Capabilities.V1"


def metadata_document(form_id: str, schema: FormSchema) -> bytes:
    """The document of a questionnaire."""
    root = etree.Element(f"{{{EDMX}}}Edmx", {"Version": "4.0"}, nsmap={"edmx": EDMX})
    services = etree.SubElement(root, f"{{{EDMX}}}DataServices")
    _shared_types(services)
    _Own(services, form_id, schema).write()
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def service_document(schema: FormSchema, root: str) -> dict[str, object]:
    """The list of tables (OData JSON Format Version 4.0, section 5). `root`: address of the feed."""
    sets = [{"name": table.name, "kind": "EntitySet", "url": table.name} for table in schema.tables.values()]
    return {"@odata.context": f"{root}/$metadata", "value": sets}


def _schema(services: etree._Element, namespace: str) -> etree._Element:
    return etree.SubElement(services, f"{{{EDM}}}Schema", {"Namespace": namespace}, nsmap={None: EDM})


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{EDM}}}{tag}", attributes)


def _shared_types(services: etree._Element) -> None:
    schema = _schema(services, SHARED)
    metadata = _add(schema, "ComplexType", Name="metadata")
    for name, kind in SYSTEM_TYPES.items():
        _add(metadata, "Property", Name=name, Type=kind)
    for name, members in ENUMERATIONS.items():
        enumeration = _add(schema, "EnumType", Name=name)
        for member in members:
            _add(enumeration, "Member", Name=member)


class _Own:
    """The part of the document that is about one questionnaire."""

    def __init__(self, services: etree._Element, form_id: str, schema: FormSchema) -> None:
        self.namespace = f"{OWN}.{identifier(form_id)}"
        self.element = _schema(services, self.namespace)
        self.container_name = identifier(form_id)
        self.schema = schema

    def write(self) -> None:
        """Write types of rows, types of groups, and the tables."""
        for table in self.schema.tables.values():
            kind = _add(self.element, "EntityType", Name=table.name)
            _add(_add(kind, "Key"), "PropertyRef", Name=ID)
            _add(kind, "Property", Name=ID, Type="Edm.String", Nullable="false")
            if table.path:
                _add(kind, "Property", Name=self.schema.parent_key(table), Type="Edm.String")
            else:
                _add(kind, "Property", Name=SYSTEM, Type=f"{SHARED}.metadata")
            self._properties(kind, table.content, table.names)
        for table in self.schema.tables.values():
            for names, group in self._groups(table):
                kind = _add(self.element, "ComplexType", Name=".".join(names))
                self._properties(kind, group, names)
        container = _add(self.element, "EntityContainer", Name=self.container_name)
        for table in self.schema.tables.values():
            self._entity_set(container, table)

    def _groups(self, table: EntityTable) -> Iterator[tuple[tuple[str, ...], Group]]:
        for path, member in members_of(table.content):
            if isinstance(member, Group):
                yield (*table.names, *path), member

    def _properties(self, kind: etree._Element, group: Group, names: tuple[str, ...]) -> None:
        for member in group.members:
            if isinstance(member, Field):
                _property(kind, member)
            elif isinstance(member, Group):
                _add(kind, "Property", Name=member.name, Type=f"{self.namespace}.{'.'.join((*names, member.name))}")
            else:
                target = self.schema.tables[member.table].name
                _add(kind, "NavigationProperty", Name=member.name, Type=f"Collection({self.namespace}.{target})")

    def _entity_set(self, container: etree._Element, table: EntityTable) -> None:
        entity_set = _add(container, "EntitySet", Name=table.name, EntityType=f"{self.namespace}.{table.name}")
        level = f"{_CAPABILITIES}.ConformanceLevelType/Minimal"
        _add(entity_set, "Annotation", Term=f"{_CAPABILITIES}.ConformanceLevel", EnumMember=level)
        _add(entity_set, "Annotation", Term=f"{_CAPABILITIES}.BatchSupported", Bool="false")
        _restriction(entity_set, "CountRestrictions", Countable="true")
        _restriction(entity_set, "SortRestrictions", Sortable="false")
        # Only all repeats at once can be expanded, and no client asks for that by itself.
        _restriction(entity_set, "ExpandRestrictions", Expandable="false")
        # Answers cannot be filtered by (conditions.py). Clients that are told so do it themselves.
        is_filterable = "false" if table.path else "true"
        filters = _restriction(entity_set, "FilterRestrictions", Filterable=is_filterable, RequiresFilter="false")
        if not table.path:
            value = _add(filters, "PropertyValue", Property="NonFilterableProperties")
            collection = _add(value, "Collection")
            for member in table.content.members:
                if not isinstance(member, Link):
                    _add(collection, "PropertyPath").text = member.name


def _property(kind: etree._Element, field: Field) -> None:
    found = _add(kind, "Property", Name=field.name, Type=TYPES.get(field.type, "Edm.String"))
    if field.type == "decimal":
        # Without it there would be no digits behind the point (CSDL, section 6.2.4).
        found.set("Scale", "variable")


def _restriction(parent: etree._Element, term: str, **values: str) -> etree._Element:
    record = _add(_add(parent, "Annotation", Term=f"{_CAPABILITIES}.{term}"), "Record")
    for name, value in values.items():
        _add(record, "PropertyValue", Property=name, Bool=value)
    return record
