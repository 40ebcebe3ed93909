"""The office's preview: the phone's own screen, and nothing kept."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from .models import ZH, model, question, select

SHELL = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<link rel="stylesheet" href="/static/css/tokens.css"><link rel="stylesheet" href="/static/css/base.css">
<link rel="stylesheet" href="/static/css/buttons.css"><link rel="stylesheet" href="/static/css/fill.css"><link rel="stylesheet" href="/static/css/widgets.css">
<style>.screen { block-size: 600px; overflow: auto }</style>
<div class="screen" id="preview" data-model-url="/model.json"></div>
<script type="module" src="/static/field/preview.js"></script>"""


def open_preview(phone: BrowserContext, origin: str, form: dict[str, Any] | None) -> Page:
    """The preview page; no form makes its model impossible to fetch."""
    page = phone.new_page()
    page.route("**/office/preview", lambda route: route.fulfill(content_type="text/html", body=SHELL))
    page.route("**/model.json", lambda route: route.fulfill(status=200 if form else 500, json=form or {}))
    page.goto(f"{origin}/office/preview")
    return page


def test_a_preview_is_filled_and_shows_the_answers_but_keeps_nothing(phone: BrowserContext, fill_origin: str) -> None:
    form = model(
        select("owns", ("Owns a house?", "有房吗？"), "yn"), question("name", ("Name", "姓名"), required="true()")
    )
    page = open_preview(phone, fill_origin, form)
    page.get_by_role("group", name="有房吗？").get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="下一页").tap()
    page.get_by_role("button", name="下一页").tap()
    expect(page.get_by_text("这个问题必须回答。").first).to_be_visible()
    page.get_by_label("姓名").fill("李伟")
    page.get_by_role("button", name="下一页").tap()
    page.get_by_role("button", name="完成").tap()
    expect(page.get_by_text("预览：没有保存任何内容")).to_be_visible()
    assert page.locator(".preview__answers dt").all_inner_texts() == ["有房吗？", "姓名"]
    assert page.locator(".preview__answers dd").all_inner_texts() == ["Yes", "李伟"]
    assert page.evaluate("(async () => [(await indexedDB.databases()).length, localStorage.length])()") == [0, 0]
    page.get_by_role("button", name="重新开始").tap()
    expect(page.get_by_role("radio", name="Yes")).not_to_be_checked()


def test_a_preview_speaks_the_language_of_the_page(phone: BrowserContext, fill_origin: str) -> None:
    page = open_preview(phone, fill_origin, model(question("name", ("Name", "姓名"))))
    expect(page.get_by_label("姓名")).to_be_visible()
    assert page.get_by_label("问卷语言").input_value() == ZH


def test_a_preview_whose_form_cannot_be_fetched_says_so(phone: BrowserContext, fill_origin: str) -> None:
    page = open_preview(phone, fill_origin, None)
    expect(page.get_by_role("alert")).to_have_text("无法读取问卷，请刷新页面。")
