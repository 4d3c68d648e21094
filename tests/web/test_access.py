"""Who may open what: each role against each route, and what a request must carry."""

import pytest
from fastapi.routing import APIRoute

from pipeline.house.sessions import IDLE
from pipeline.web.access import CSRF_HEADER, LANGUAGE, SESSION, VISITOR, local_path
from pipeline.web.security import HEADERS, MOST_BYTES
from tests.web.filled import PASSWORD

ALL = {"olga", "sven", "aude", "root", "nora", "carl"}
OF_MAIN = {"olga", "sven", "aude", "root"}
REVIEWS_MAIN = {"olga", "sven"}
AUDITS = {"aude", "root", "carl"}
ADMINISTERS = {"root", "carl"}
HOUSE = {"root"}

# method, path, who gets it (anything but 404), form
ROUTES = [
    ("GET", "/queue", ALL, None),
    ("POST", "/queue/next", ALL, {"seller": "nobody is called so"}),
    ("GET", "/documents", ALL, None),
    ("GET", "/documents/{mine}", OF_MAIN, None),
    ("GET", "/documents/{theirs}", {"nora", "carl", "root"}, None),
    ("GET", "/documents/{mine}/original", OF_MAIN, None),
    ("GET", "/documents/{theirs}/original", {"nora", "carl", "root"}, None),
    ("GET", "/review/{item}", OF_MAIN, None),
    ("GET", "/suppliers", ALL, None),
    ("GET", "/suppliers/main", OF_MAIN, None),
    ("GET", "/suppliers/north", {"nora", "carl", "root"}, None),
    ("GET", "/suppliers/main/supplier?key=ACME", OF_MAIN, None),
    ("POST", "/suppliers/main/rules", REVIEWS_MAIN, {"key": "ACME", "text": "version: 0"}),
    ("POST", "/suppliers/main/field", REVIEWS_MAIN, {"key": "ACME", "field": "iban", "on": "true", "base": "1"}),
    ("POST", "/suppliers/main/switch", REVIEWS_MAIN, {"key": "ACME", "on": "true"}),
    ("GET", "/postings", ALL, None),
    ("GET", "/postings/main", OF_MAIN, None),
    ("GET", "/postings/north", {"nora", "carl", "root"}, None),
    ("POST", "/postings/main/{job}/retry", {"sven"}, {}),
    ("POST", "/postings/main/{job}/close", {"sven"}, {"ending": "by-hand"}),
    ("GET", "/postings/main/{job}/evidence/0", OF_MAIN, None),
    ("GET", "/orders", ALL, None),
    ("GET", "/orders/main", OF_MAIN, None),
    ("GET", "/orders/north", {"nora", "carl", "root"}, None),
    ("GET", "/dashboard", ALL, None),
    ("GET", "/audit", AUDITS, None),
    ("POST", "/audit/verify", AUDITS, {}),
    ("GET", "/admin", ADMINISTERS, None),
    ("POST", "/admin/users", HOUSE, {"name": "not possible", "role": "operator", "client": "main"}),
    ("GET", "/admin/users/olga", HOUSE, None),
    ("GET", "/admin/users/nora", ADMINISTERS, None),
    ("POST", "/admin/users/olga/roles", HOUSE, {"role": "auditor", "client": "main"}),
    ("POST", "/admin/users/nora/roles", ADMINISTERS, {"role": "auditor", "client": "north"}),
    ("POST", "/admin/users/spare/password", HOUSE, {}),
    ("POST", "/admin/users/spare/active", HOUSE, {"on": "true"}),
    ("GET", "/admin/clients", ADMINISTERS, None),
    ("POST", "/admin/clients", HOUSE, {"client": "not possible"}),
    ("GET", "/admin/clients/main", HOUSE, None),
    ("GET", "/admin/clients/north", ADMINISTERS, None),
    ("POST", "/admin/clients/main/policy", HOUSE, {"sla_hours": "24"}),
    ("POST", "/admin/clients/north/policy", ADMINISTERS, {"sla_hours": "24"}),
    ("POST", "/admin/clients/north/active", HOUSE, {"on": "true"}),
]
OPEN = {"/", "/sign-in", "/sign-out", "/language", "/account/password"}


@pytest.fixture(scope="module")
def filled(home):
    from pipeline.suppliers.model import FieldRule, Rules, Supplier
    from schemas import FieldName

    with home.services.book("main") as book:
        book.suppliers.put([Supplier(key="ACME", name="Acme & Cie")], "test")
        book.rules.add("ACME", Rules(supplier="ACME", fields=(FieldRule(field=FieldName.IBAN),)), "test")
    home.services.house.users.add("spare", "test")
    return home


@pytest.fixture(scope="module")
def browsers(filled):
    return {name: filled.browser(name) for name in sorted(ALL)}


def address(home, path: str) -> str:
    return path.format(mine=home.mine, theirs=home.theirs, item=home.item(home.mine), job=home.job)


@pytest.mark.parametrize("user", sorted(ALL))
@pytest.mark.parametrize(("method", "path", "who", "form"), ROUTES)
def test_each_role_gets_what_is_its_own_and_404_for_all_else(filled, browsers, method, path, who, form, user):
    """Absent and forbidden look the same."""
    got = browsers[user].request(method, address(filled, path), data=form)
    assert (got.status_code != 404) == (user in who), got.text[-600:]
    assert got.status_code < 500


@pytest.mark.parametrize(("method", "path", "who", "form"), ROUTES)
def test_nobody_gets_anything_without_signing_in(filled, method, path, who, form):
    """A page leads to the sign-in, an act is refused."""
    got = filled.client().request(method, address(filled, path), data=form)
    if method == "GET":
        assert (got.status_code, got.headers["location"].partition("?")[0]) == (303, "/sign-in")
    else:
        assert got.status_code == 403


def test_the_table_above_has_every_route_of_the_shell(filled):
    """A new page cannot be forgotten here; those of the review page have their own table."""
    known = {(method, path.partition("?")[0]) for method, path, *_ in ROUTES}
    for method, path in routes_of(filled.app):
        if path in OPEN or path.startswith("/review/"):
            continue
        parts = path.split("/")
        fits = [
            one
            for verb, one in known
            if verb == method
            and len(one.split("/")) == len(parts)
            and all(
                wanted.startswith("{") or wanted == given for wanted, given in zip(parts, one.split("/"), strict=True)
            )
        ]
        assert fits, f"{method} {path}"


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, *_ in ROUTES if method == "POST"])
def test_an_act_without_the_form_token_is_refused(filled, method, path):
    """Neither no token, nor that of another session, nor one sent from another site counts."""
    browser, other = filled.browser("root"), filled.browser("root")
    mine = browser.headers.pop(CSRF_HEADER)
    assert browser.request(method, address(filled, path)).status_code == 403
    theirs = {CSRF_HEADER: other.headers[CSRF_HEADER]}
    assert browser.request(method, address(filled, path), headers=theirs).status_code == 403
    foreign = {CSRF_HEADER: mine, "Sec-Fetch-Site": "cross-site"}
    assert browser.request(method, address(filled, path), headers=foreign).status_code == 403


def test_the_form_token_counts_as_a_field_too(filled):
    """Pages without htmx send it so."""
    browser = filled.browser("olga")
    token = browser.headers.pop(CSRF_HEADER)
    got = browser.post("/queue/next", data={"csrf": token, "seller": "nobody"})
    assert got.status_code == 303


@pytest.mark.parametrize(
    "path", ["/queue", "/sign-in", "/nothing-here", "/static/app.css", "/documents/{mine}/original"]
)
def test_every_answer_carries_the_headers(filled, path):
    """No inline script or style, no frame, no guessing of types; pages with data are kept by nobody."""
    got = filled.browser("olga").get(address(filled, path))
    for name, value in HEADERS.items():
        assert got.headers[name] == value
    assert "unsafe" not in got.headers["Content-Security-Policy"]
    assert got.headers["Cache-Control"] == ("no-cache" if path.startswith("/static") else "no-store")


def test_cookies_are_for_the_browser_alone(filled):
    """HttpOnly and SameSite=Strict; Secure where it is https."""
    browser = filled.client()
    cookie = browser.get("/sign-in").headers["set-cookie"].lower()
    assert VISITOR in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie
    assert "; secure" in browser.get("https://testserver/sign-in").headers["set-cookie"].lower()


def test_a_person_signs_in_with_a_new_session_and_out_again(filled):
    """The session of before the sign-in is not the one after it, and none is left after the sign-out."""
    browser = filled.client()
    got = enter(browser, "olga", PASSWORD, next="/documents?q=a")
    assert (got.status_code, got.headers["location"]) == (303, "/documents?q=a")
    first = browser.cookies[SESSION]
    assert browser.get("/queue").status_code == 200
    enter(browser, "olga", PASSWORD)
    browser.post("/sign-out", data={"csrf": token_of(browser.get("/queue").text)})
    browser.cookies.set(SESSION, first, domain="testserver.local")
    assert browser.get("/queue").status_code in (200, 303)
    assert SESSION not in browser.post("/sign-out").headers.get("location", "")


def test_a_session_that_ended_leads_to_the_sign_in(filled):
    """Also for a request of htmx, which is told where to go."""
    browser = filled.browser("olga")
    filled.services.house.sessions.close(browser.cookies[SESSION])
    assert browser.get("/queue?q=1").headers["location"] == "/sign-in?next=%2Fqueue%3Fq%3D1"
    assert browser.get("/queue", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/sign-in"
    assert IDLE.total_seconds() > 0


def test_wrong_passwords_are_refused_and_soon_not_even_tried(filled):
    """Known name or not, the answer is the same; after ten of them it is 429, also for the right one."""
    browser = filled.client()
    answers = {enter(browser, name, "wrong").status_code for name in ("olga", "nobody")}
    assert answers == {403}
    for _ in range(10):
        last = enter(browser, "sven", "wrong")
    assert last.status_code == 403
    assert enter(browser, "sven", PASSWORD).status_code == 429


def test_a_password_that_others_know_must_be_changed_first(filled):
    """No page opens before; afterwards there is a new session."""
    given = filled.services.house.users.set_password("spare", "test")
    browser = filled.client()
    browser.cookies.set(SESSION, filled.services.house.sessions.open("spare"), domain="testserver.local")
    assert browser.get("/queue").headers["location"] == "/account/password"
    before = browser.cookies[SESSION]
    page = browser.get("/account/password")
    form = {"csrf": token_of(page.text), "old": given, "new": "a new long password", "again": "something else"}
    assert browser.post("/account/password", data=form).status_code == 422
    form["again"] = form["new"]
    assert browser.post("/account/password", data=form).headers["location"] == "/queue"
    assert browser.cookies[SESSION] != before
    assert browser.get("/queue").status_code == 200


def test_who_changes_his_own_roles_goes_on_with_a_new_session(filled):
    """The old one is over."""
    browser = filled.browser("root")
    before = browser.cookies[SESSION]
    got = browser.post("/admin/users/root/roles", data={"role": "auditor", "client": "main", "give": "true"})
    assert got.status_code == 303
    after = dict(got.cookies)[SESSION]
    assert after != before
    assert filled.services.house.sessions.find(before) is None
    assert filled.services.house.sessions.find(after).user == "root"


def test_nobody_takes_his_own_administration(filled):
    """Somebody always can let in the others."""
    browser = filled.browser("root")
    got = browser.post("/admin/users/root/roles", data={"role": "admin", "client": "*"})
    assert got.status_code == 422
    assert "You cannot take this from yourself" in got.text
    assert browser.post("/admin/users/root/active", data={"on": "false"}).status_code == 422


def test_the_language_stays_until_another_is_chosen(filled):
    """It begins with what the browser asks for."""
    browser = filled.browser("olga")
    assert '<html lang="en">' in browser.get("/queue").text
    assert '<html lang="fr">' in browser.get("/queue", headers={"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"}).text
    assert browser.post("/language", data={"language": "fr", "next": "/queue"}).headers["location"] == "/queue"
    assert browser.cookies[LANGUAGE] == "fr"
    assert "File d&#39;attente" in browser.get("/queue").text


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x", ""]
)
def test_a_redirect_never_leads_elsewhere(path):
    """Whatever the address of the sign-in says."""
    assert local_path(path) == "/"


def test_a_body_that_is_too_large_is_refused(filled):
    """Before anything of it is kept."""
    browser = filled.browser("olga")
    assert browser.post("/queue/next", data={"q": "x" * (MOST_BYTES + 1)}).status_code == 413


def enter(browser, name: str, password: str, **more: str):
    browser.cookies.delete(SESSION) if SESSION in browser.cookies else None
    form = {"csrf": token_of(browser.get("/sign-in").text), "name": name, "password": password, **more}
    return browser.post("/sign-in", data=form)


def token_of(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def routes_of(app) -> list[tuple[str, str]]:
    return [
        (method, route.path)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    ]
