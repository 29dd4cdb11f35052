// The rows of a table of PostgreSQL into a CSV file: three columns made of them on the way, or as
// the server writes them.
//
//     postgres_export URL FILE made|plain
#include <array>
#include <string>

#include "csv.hpp"
#include "person.hpp"
#include "postgres.hpp"

namespace {

std::size_t number(std::string_view bytes, std::size_t size) {
  std::size_t n = 0;
  for (const char c : bytes.substr(0, size)) n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

/// The five fields of a row in the binary format.
std::array<std::string_view, 5> fields_of(std::string_view row) {
  std::array<std::string_view, 5> fields;
  row.remove_prefix(2);
  for (std::string_view& field : fields) {
    field = row.substr(4, number(row, 4));
    row.remove_prefix(4 + field.size());
  }
  return fields;
}

void made(csv::writer& to, std::string_view row) {
  const auto fields = fields_of(row);
  to.field(std::to_string(number(fields[0], 8)));
  to.field(person::full_name(fields[1], fields[2]));
  to.field(person::lower(fields[3]));
  to.field(person::city(fields[4]));
  to.end_line();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  PGconn* const on = postgres::open(argv[1]);
  csv::writer to(argv[2]);
  const bool plain = std::string_view(argv[3]) == "plain";
  if (!plain) to.raw("id,full_name,email,city\n");
  postgres::run(on, plain ? "COPY (SELECT id, first, last, email, payload FROM users) TO STDOUT "
                            "(FORMAT csv, HEADER)"
                          : "COPY (SELECT id, first, last, email, payload FROM users) TO STDOUT "
                            "(FORMAT binary)");
  char* bytes = nullptr;
  constexpr std::size_t header = 19;
  std::size_t skip = plain ? 0 : header;
  for (int size = 0; (size = PQgetCopyData(on, &bytes, 0)) > 0;) {
    const std::string_view row =
        std::string_view(bytes, static_cast<std::size_t>(size)).substr(skip);
    skip = 0;
    if (plain) {
      to.raw(row);
    } else if (row.size() > 2) {  // the end is a row of -1 fields
      made(to, row);
    }
    PQfreemem(bytes);
  }
  while (PGresult* const r = PQgetResult(on)) PQclear(postgres::checked(on, r));
  to.close();
  PQfinish(on);
}
