#pragma once

#include "base/error.hpp"
#include "db/connection.hpp"

namespace luamig::engine {

/// What the catalogs add to an error of the database: the name that was meant where one is not
/// there ("did you mean 'users'?"), and the cure of a NOT NULL that the rows do not allow. Asks the
/// database, so whatever failed must have been rolled back.
void advise(db::connection& on, error& e);

}  // namespace luamig::engine
