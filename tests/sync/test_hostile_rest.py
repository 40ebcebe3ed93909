"""tmp"""
import base64, gzip, json
import pytest
from tests.sync.test_hostile import *
from tests.sync.test_files import b64

@pytest.mark.parametrize("value", ["\0", "a\0", "x"*101, "😀", "", "\r\n", "a" * 70000])
@pytest.mark.parametrize("key", ["response", "name", "sha256", "type", "other"])
def test_meta(phone, key, value):
    assert create(phone, entry("a.jpg", JPEG), **{key: value}).status_code < 500

@pytest.mark.parametrize("header", ["", "é", "name \xe9\xe9", "name 名".encode().decode("latin-1"), ",,,", "name ====", "a b c d", "response", "x"*5000])
def test_meta_raw(phone, header):
    a = phone.client.post("/sync/v1/files", headers=phone.headers | TUS | {"Upload-Length": "3", "Upload-Metadata": header})
    assert a.status_code == 400, a.text

@pytest.mark.parametrize("header", ["", "sha256", "sha256 é", "sha256 \xff", "md5 aaa", "SHA256 x", "sha1 ===", " x"])
@pytest.mark.parametrize("offset", ["0","", "-1", "1e3", "٣", "99999999999999", "9"*15, "9"*16])
def test_patch(phone, header, offset):
    loc = create(phone, entry("a.jpg", JPEG)).headers["Location"]
    a = phone.client.patch(loc, data=b"abc", headers=phone.headers | TUS | {"Upload-Offset": offset, "Upload-Checksum": header}, content_type="application/offset+octet-stream")
    assert a.status_code < 500

@pytest.mark.parametrize("path", ["/sync/v1/files/a%00b", "/sync/v1/models/%00", "/sync/v1/files/%ff%fe", "/sync/v1/models/%ed%a0%80", "/sync/v1/pull?since=%00", "/sync/v1/files/" + "a"*3000, "/sync/v1/x%00", "/join/a%00b", "/%00"])
def test_paths(phone, path):
    for m in ("get", "head", "patch", "post", "options", "put", "delete"):
        a = getattr(phone.client, m)(path, headers=phone.headers | TUS | {"Upload-Offset": "0"}, content_type="application/offset+octet-stream")
        assert a.status_code < 500, (m, path)

@pytest.mark.parametrize("token", ["Bearer \0", "Bearer \xff", "Bearer", "bearer  x", "Basic x", "Bearer " + "x"*7000])
def test_auth(phone, token):
    assert phone.client.get("/sync/v1/pull", headers={"Authorization": token}).status_code == 401

@pytest.mark.parametrize("body", [b"\xff\xfe{}", '{"responses":[]}'.encode("utf-16"), '{"responses":[]}'.encode("utf-32"), b"\xef\xbb\xbf{}", b"\x80", b"", b"1"*5000, b'{"responses":[], "x": ' + b"9"*5000 + b"}", gzip.compress(b"{}")[:-5], gzip.compress(b"0"*(17<<20)), b"\x1f\x8b\x08\x00"])
def test_bodies(phone, body):
    for h in ({}, {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}):
        a = phone.client.post("/sync/v1/push", data=body, headers=phone.headers | h)
        assert a.status_code < 500

@pytest.mark.parametrize("q", ["?revision=99999999999999999999", "?revision=-1", "?revision=%00"])
def test_office_resp(phone, su, household, q):
    phone.receipts(make_document(household, answers={"place": "<script>alert(1)</script>", "hh_size": "4"}))
    assert su.get(f"/office/responses/{ID}{q}").status_code < 500

@pytest.mark.parametrize("path", ["/office/responses?older=0001-01-01T00:00:00%2B14:00~x", "/office/responses?older=9999-12-31T23:59:59-14:00~x", "/office/responses?older=2020-01-01T00:00:00%2B00:00~%00",
 "/office/responses?questionnaire=%00", "/office/responses?place=%00", "/office/responses?author=%00", "/office/responses?state=%00", "/office/responses/%00", "/office/files/%00", "/office/quarantine?before=99999999999999999999",
 "/office/quarantine?before=-99999999999999999999", "/office/quarantine/99999999999999999999/document", "/office/questionnaires/%00", "/office/questionnaires/household/versions/99999999999999999999/preview", "/office/questionnaires/household/versions/99999999999999999999/model.json",
 "/office/questionnaires/%00/versions/1/workbook", "/office/exports/%00.csv", "/office/exports/household/%00.csv", "/office/board?questionnaire=%00", "/office/people/%00", "/office/people/99999999999999999999999", "/office/sign-in?next=%00", "/office/exports/household.csv?raw=%00"])
def test_office_paths(su, path):
    assert su.get(path).status_code < 500, path
