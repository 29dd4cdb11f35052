"""Peak memory of luamig: within a limit, and no more for many rows than for a fifth of them."""
from race import SMALL, Failed, measured

LIMIT, GROWTH = 24.0, 2.0  # MB
MIGRATIONS = ("update", "durable", "rewrite", "split", "load", "export", "execute")


def peaks(place, engine, migration, numbers):
    """Megabytes for each number of rows."""
    found = []
    for rows in numbers:
        at = engine.fresh(0 if migration == "load" else rows)
        place.users.unlink(missing_ok=True)
        place.exported.unlink(missing_ok=True)
        if migration == "load":
            place.users.hardlink_to(engine.csv(rows))
        # As many statements for every tenth row: they are the slow ones.
        options = ("-x", f"count={rows // 10}") if migration == "execute" else ()
        command = place.ours(engine, migration, "luamig", *options).command(at)
        found.append(measured(place.launcher, command, place.project)[1] / 1024)
    return found


def memory(place, engine, rows):
    """Prints the peaks; False when one is over the limit or grows."""
    numbers = (SMALL, max(rows // 5, SMALL), rows)
    print(f"\npeak memory, {engine.name}" + "".join(f"{n:>13,}" for n in numbers) + "  rows")
    good = True
    for migration in MIGRATIONS:
        if migration == "rewrite" and engine.programs != "postgres":
            continue
        try:
            small, part, all_of_them = peaks(place, engine, migration, numbers)
        except Failed as failure:
            print(f"  luamig, {migration:12} not built: {failure}")
            good = False
            continue
        fits = all_of_them <= LIMIT and all_of_them - part <= GROWTH
        good &= fits
        print(f"  luamig, {migration:12}{small:13.1f}{part:13.1f}{all_of_them:13.1f}  MB  "
              f"limit {LIMIT:.0f}, growth {GROWTH:.0f}{'' if fits else '  EXCEEDED'}", flush=True)
    return good
