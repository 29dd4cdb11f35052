"""The rows that all sides work on, some 190 bytes each, and what is to become of them."""
import csv
import json


def tables(key):
    """Their tables. `key`: the type of a key, as op.create_table makes a bigint on the engine."""
    return f"""
CREATE TABLE users (id {key} PRIMARY KEY, first text NOT NULL, last text NOT NULL,
  email text NOT NULL, payload text NOT NULL, full_name text, city text);
CREATE TABLE addresses (user_id bigint NOT NULL, city text NOT NULL);
CREATE TABLE people (id {key} PRIMARY KEY, full_name text NOT NULL, email text NOT NULL,
  city text NOT NULL);
"""


COLUMNS = ("id", "first", "last", "email", "payload")


def rows(count):
    for i in range(1, count + 1):
        yield (i, f"First{i % 5000}", f"Last{i * 7919 % 100003}", f"User.{i}@Example.COM",
               f'{{"age": {i % 90}, "city": "Town{i % 500}", "tags": ["a", "b"], '
               f'"note": "Some words about person {i}, and more"}}')


def write_csv(path, count):
    with open(path, "w", encoding="ascii", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(count))


def full_name(first, last):
    return f"{first} {last}"


def city(payload):
    return json.loads(payload)["city"]


def changed(row):
    """full_name, email and city of a row with the columns COLUMNS."""
    return full_name(row[1], row[2]), row[3].lower(), city(row[4])
