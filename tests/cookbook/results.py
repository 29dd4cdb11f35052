"""What must be in the database after each recipe: the revision, what to ask, what must come back."""

# The first integer that a double has no place for, a key as well as a sum, and its neighbour.
BIG, BELOW_BIG = "9007199254740993", "9007199254740992"
NOTHING = "<null>"  # an empty text and NULL are told apart


def or_nothing(column):
    return f"coalesce(CAST({column} AS text), '{NOTHING}')"


RESULTS = (
    ("c00b00000001",
     f"SELECT id, {or_nothing('first_name')}, {or_nothing('last_name')} FROM contacts", [
         ["1", "Ada", "Lovelace"], ["2", "Grace  Brewster ", "Hopper"], ["3", "Žofia", "Čapková"],
         ["4", "Plato", NOTHING], ["5", "", NOTHING], ["6", NOTHING, NOTHING],
         [BIG, " Madonna ", NOTHING]]),
    ("c00b00000002",
     f"SELECT id, {or_nothing('preferences')} FROM contacts", [
         ["1", '{"greeting":"Good \\"morning\\", 你好","theme":"dark"}'], ["2", '{"theme":""}'],
         ["3", NOTHING], ["4", NOTHING], ["5", NOTHING], ["6", NOTHING], [BIG, '{"theme":null}']]),
    ("c00b00000003",
     f"""SELECT s.email, s.number, {or_nothing('i.number')}, length(CAST(s.id AS text))
           FROM subscribers s LEFT JOIN subscribers i ON i.id = s.invited_by""", [
         ["first@example.org", "1", NOTHING, "36"], ["second@example.org", "2", "1", "36"],
         ["late@example.org", BIG, "2", "36"], ["early@example.org", BELOW_BIG, BIG, "36"]]),
    ("c00b00000003",
     f"""SELECT v.page, {or_nothing('s.number')}
           FROM visits v LEFT JOIN subscribers s ON s.id = v.subscriber_id""", [
         ["/late", BIG], ["/early", BELOW_BIG], ["/", "1"], ["/", "1"], ["/anonymous", NOTHING]]),
    ("c00b00000005",
     f"SELECT id, {or_nothing('config')} FROM devices", [
         ["1", '{"serial":9007199254740993,"tags":[],"position":{"lat":48.2082,"lon":16.3738}}'],
         ["2", '{"serial":null,"name":"Türschloß 🔒"}'],
         ["3", '{"extra":{},"position":{"lat":null,"lon":0}}'], ["4", "null"], ["5", NOTHING]]),
    ("c00b00000006",
     f"SELECT code, name, {or_nothing('population')} FROM countries", [
         ["AT", "Österreich", "9158750"], ["CI", "Côte d'Ivoire", NOTHING],
         ["DE", "Germany", "83456045"], ["KR", "Korea, Republic of", "51712619"]]),
    ("c00b00000006",
     f"SELECT id, {or_nothing('country')}, {or_nothing('country_code')} FROM contacts", [
         ["1", "germany", "DE"], ["2", "ÖSTERREICH", "AT"], ["3", "Côte d'Ivoire", "CI"],
         ["4", "Atlantis", NOTHING], ["5", "", NOTHING], ["6", NOTHING, NOTHING],
         [BIG, "Korea, Republic of", "KR"]]),
    ("c00b00000007",
     "SELECT contact_id, position, tag FROM contact_tags", [
         ["1", "1", "Maths"], ["1", "2", "poetry"], ["2", "1", "navy"], ["2", "2", "Maths"],
         ["3", "1", "Übersetzung"], [BIG, "1", "pop"]]),
    ("c00b00000008",
     f"SELECT id, {or_nothing('total_cents')} FROM invoices", [
         ["1", "700"], ["2", "300"], ["3", BIG], ["4", "0"], ["5", "-250"]]),
    ("c00b00000008",
     f"SELECT invoice_id, {or_nothing('was_cents')}, is_cents FROM invoice_corrections", [
         ["2", "1", "300"], ["3", BELOW_BIG, BIG], ["4", NOTHING, "0"],
         ["5", "5", "-250"]]),
)

# What the way back spells otherwise than it was.
AT_THE_BOTTOM = (
    (f"SELECT id, {or_nothing('tags')} FROM contacts", [
        ["1", "Maths,poetry"], ["2", "navy,Maths"], ["3", "Übersetzung"], ["4", NOTHING],
        ["5", NOTHING], ["6", NOTHING], [BIG, "pop"]]),
    (f"SELECT id, {or_nothing('config')} FROM devices", [
        ["1", '{"serial":9007199254740993,"tags":[],"lat":48.2082,"lon":16.3738}'],
        ["2", '{"serial":null,"name":"Türschloß 🔒"}'], ["3", '{"extra":{},"lat":null,"lon":0}'],
        ["4", "null"], ["5", NOTHING]]),
)

CONTACT_OF_AN_ADDRESS = (
    (f"SELECT id, {or_nothing('email')} FROM contacts", [
        ["2", "ada@example.org"], ["3", "žofia@example.org"], ["5", NOTHING], ["6", NOTHING],
        [BIG, NOTHING]]),
    ("SELECT id, keep, first_name FROM merged_contacts", [["1", "2", "Ada"], ["4", "3", "Plato"]]),
    ("SELECT contact_id, tag FROM contact_tags", [
        ["2", "navy"], ["2", "Maths"], ["2", "poetry"], ["3", "Übersetzung"], [BIG, "pop"]]),
    (f"SELECT id, {or_nothing('contact_id')} FROM invoices", [
        ["1", "2"], ["2", "2"], ["3", BIG], ["4", "6"], ["5", NOTHING]]),
    (f"SELECT id, {or_nothing('contact_id')} FROM sessions", [
        ["1", "2"], ["2", "2"], ["3", "3"], ["4", NOTHING], ["5", "3"]]),
)

OLD_SESSIONS = (("SELECT id FROM sessions", [["2"], ["3"]]),)
