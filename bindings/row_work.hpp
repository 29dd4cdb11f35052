#pragma once

#include <lua.hpp>

namespace luamig::bindings {

// The work of a function on the rows of a table: it is shown each row, and what it gives back is
// gathered in blocks, which are written when there is enough in them. Its methods raise what the
// function raises, with the row named.

/// Makes the metatable. // -
void open_row_work(lua_State* L);

/// core.new_work(cursor, { fn, out, table, key, write?, rejects?, wrong }) -> work. The cursor's
/// columns are those of the rows, the first `key` of them the key. `wrong(what, answer, why)`
/// raises for an answer that is none, by `what`:
///   "answer"   nothing of what a function may give back, or a table without `write`
///   "change"   a table that has not just the columns of `write`
///   "value"    a value that no column can hold: it is `answer`, and `why` its column
///   "two"      a second value, which only "reject" has: it is `why`
///   "reject"   where `rejects` is not true
/// A row that is rejected adds to no other block.
///
/// Blocks have numbers: 1 what is changed (key, then write), 2 what is removed (key), 3 what is
/// rejected (key, then the reason), and more by work:add_block.
///
///   work:add_block(columns, table, forms?) -> number  a block for the rows with these columns that
///                                             the function has for another table, and the binary
///                                             forms of the columns
///   work:read(cursor, writer?) -> rows shown, at_end, seen, bytes, changed, removed   up to the
///                                             end, or until the blocks are full. With a writer,
///                                             every row goes there but those removed, and what is
///                                             changed stays in no block; so many were seen,
///                                             changed and removed, and `bytes` of texts went
///                                             there. The cursor may have more columns than are
///                                             shown
///   work:carry_by(columns, changes, asks?)    before that: for each column of the writer its place
///                                             in the row, and that in `write` or 0; `asks`: the
///                                             column that is true for rows to be shown
///   work:run(pieces) -> rows shown, changed, whole, asks_rowid   by an UPDATE of SQLite with
///                                             luamig_run. `asks_rowid`: it is to be one by the
///                                             rowid, and nothing has come of this one. Not
///                                             whole: the function asked for the database, or its
///                                             results are large; it has been shown the rows up to
///                                             `last`, and its changes are in block 1, to be sent
///   work:catch(most)                          from now on a row for which the function raises an
///                                             error is rejected, while fewer than that are; what
///                                             it did to the database for it is undone
///   work:last() -> list                       the key of the last row shown; nothing: no row
///   work:insert(block, row)                   a row for a block of its own
///   work:take_as_bytes(block, column, items?) a text for this column, from 1, is bytes, or
///                                             with `items` those in an array are
///   work:count(block) -> rows gathered
///   work:by_host() -> rows that the function was not called for: the host has done what it says
///   work:values(block) -> list of lists       the values gathered
///   work:clear()                              forgets what is gathered, and what was sent
///   work:send(block, sql, keeps_undo?)        writes it, if there is any, as execute_each;
///                                             `keeps_undo`: the statement may write luamig_undo
///   work:keep(block, sql)                     the same, where the block stays to be sent, and what
///                                             the statement affects is not counted
///   work:settle(block) -> rows affected       waits for what was sent
///   work:has_numbers(block)                   whether a number was among its values
int core_new_work(lua_State* L);

}  // namespace luamig::bindings
