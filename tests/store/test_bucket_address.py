"""FILES_URL: what it may say, and what whoever sets the server up is told where it is wrong."""

from pathlib import Path

import pytest

from collector import create_app
from collector.settings import load_settings
from collector.store.contents.bucket_address import BucketAddress, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("s3://survey", BucketAddress("survey", "", None, None)),
        ("s3://survey/", BucketAddress("survey", "", None, None)),
        ("s3://survey/district/7/?region=cn-north-1", BucketAddress("survey", "district/7", None, "cn-north-1")),
        (
            "s3://survey/a?endpoint=http://127.0.0.1:9000/&region=us-east-1",
            BucketAddress("survey", "a", "http://127.0.0.1:9000", "us-east-1"),
        ),
        (
            "s3://survey?endpoint=https%3A%2F%2Fs3.example.org",
            BucketAddress("survey", "", "https://s3.example.org", None),
        ),
    ],
)
def test_an_address_is_read(text: str, address: BucketAddress) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("survey", "does not begin with s3://"),
        ("https://s3.example.org/survey", "does not begin with s3://"),
        ("s3://", "names no bucket"),
        ("s3:///prefix", "names no bucket"),
        ("s3://a b", "names no bucket"),
        ("s3://key:hidden@survey", "AWS_SECRET_ACCESS_KEY"),
        ("s3://survey/a%20b", "prefix"),
        ("s3://survey/a#b", "prefix"),
        ("s3://survey?endpont=https://s3.example.org", "endpoint and region"),
        ("s3://survey?region=a&region=b", "endpoint and region"),
        ("s3://survey?region", "cannot be read"),
        ("s3://survey?endpoint=s3.example.org", "http:// or https://"),
        ("s3://survey?endpoint=", "http:// or https://"),
        ("s3://survey?endpoint=http://host:port", "cannot be read"),
        ("s3://survey?endpoint=https://key:hidden@s3.example.org", "AWS_SECRET_ACCESS_KEY"),
        ("s3://survey?endpoint=https://s3.example.org/?x", "without “?”"),
        ("s3://[", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_without_what_might_be_secret(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="FILES_URL") as raised:
        read_address(text)
    assert said in str(raised.value) and "hidden" not in str(raised.value)


def test_the_server_does_not_start_with_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FILES_URL"):
        create_app(load_settings({"DATA_DIR": str(tmp_path), "FILES_URL": "/srv/files"}))
