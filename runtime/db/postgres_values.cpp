#include "db/postgres_values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/error.hpp"
#include "db/checks.hpp"
#include "db/value_text.hpp"

namespace luamig::db {

namespace {

// Fixed object ids of the server's catalogue.
constexpr Oid oid_bool = 16;
constexpr Oid oid_bytea = 17;
constexpr Oid oid_int8 = 20;
constexpr Oid oid_int4 = 23;
constexpr Oid oid_float8 = 701;
constexpr Oid oid_numeric = 1700;
constexpr Oid oid_unknown = 0;  // the server finds out

struct type_kind {
  Oid type;
  cell_kind kind;
  Oid array;
};

constexpr std::array<type_kind, 27> known_types = {{
    {16, cell_kind::boolean, 1000},   {17, cell_kind::blob, 1001},
    {20, cell_kind::integer, 1016},   {21, cell_kind::integer, 1005},
    {23, cell_kind::integer, 1007},   {26, cell_kind::integer, 1028},
    {700, cell_kind::real, 1021},     {701, cell_kind::real, 1022},
    {1700, cell_kind::decimal, 1231}, {25, cell_kind::text, 1009},
    {1043, cell_kind::text, 1015},    {1042, cell_kind::text, 1014},
    {18, cell_kind::text, 1002},      {19, cell_kind::text, 1003},
    {2950, cell_kind::text, 2951},    {114, cell_kind::text, 199},
    {3802, cell_kind::text, 3807},    {1082, cell_kind::text, 1182},
    {1083, cell_kind::text, 1183},    {1266, cell_kind::text, 1270},
    {1114, cell_kind::text, 1115},    {1184, cell_kind::text, 1185},
    {1186, cell_kind::text, 1187},    {869, cell_kind::text, 1041},
    {650, cell_kind::text, 651},      {829, cell_kind::text, 1040},
    {790, cell_kind::text, 791},
}};

column describe(std::string name, Oid type) {
  column out;
  out.name = std::move(name);
  for (const type_kind& known : known_types) {
    if (known.type == type) out.kind = known.kind;
    if (known.array != type) continue;
    out.kind = cell_kind::array;
    out.element = known.kind;
  }
  return out;
}

struct wire_writer {
  wire_values& to;
  std::vector<std::string>& own;

  void put(Oid type, const char* data, std::size_t size = 0, int format = 0) const {
    to.types.push_back(type);
    to.data.push_back(data);
    to.lengths.push_back(static_cast<int>(size));
    to.formats.push_back(format);
  }
  void put_own(Oid type, std::string text) const {
    put(type, own.emplace_back(std::move(text)).c_str());
  }

  void operator()(null_value) const { put(oid_unknown, nullptr); }
  void operator()(bool b) const { put(oid_bool, b ? "t" : "f"); }
  void operator()(std::int64_t i) const {
    using int4 = std::numeric_limits<std::int32_t>;
    put_own(i >= int4::min() && i <= int4::max() ? oid_int4 : oid_int8, std::to_string(i));
  }
  void operator()(double d) const { put_own(oid_float8, real_text(d)); }
  void operator()(const decimal& d) const {
    check_decimal(d);
    put(oid_numeric, d.digits.c_str());
  }
  void operator()(const std::string& s) const {
    check_postgres_text(s);
    put(oid_unknown, s.c_str());
  }
  void operator()(const blob& b) const {
    if (b.bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
      throw error{errc::migration, "the blob is larger than PostgreSQL takes (1 GB)"};
    }
    put(oid_bytea, b.bytes.data(), b.bytes.size(), 1);
  }
  void operator()(const array& a) const { put_own(oid_unknown, format_array(a)); }
};

template <typename Number>
Number number(std::string_view text) {
  Number out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

void add_cell(const column& of, std::string_view text, row_block& into) {
  switch (of.kind) {
    case cell_kind::boolean:
      into.add_boolean(text == "t");
      break;
    case cell_kind::integer:
      into.add_integer(number<std::int64_t>(text));
      break;
    case cell_kind::real:
      into.add_real(number<double>(text));
      break;
    case cell_kind::blob:
      into.add_bytes(cell_kind::blob, from_hex(text));
      break;
    default:
      into.add_bytes(of.kind, text);
  }
}

}  // namespace

wire_values::wire_values(std::span<const value> values) {
  own_.reserve(values.size());  // c_str() of what is in it must stay
  types.reserve(values.size());
  data.reserve(values.size());
  for (const value& v : values) std::visit(wire_writer{*this, own_}, as_variant(v));
}

std::vector<column> columns_of(const libpq_library& pq, const PGresult* from) {
  std::vector<column> out;
  const int count = pq.nfields(from);
  for (int i = 0; i < count; ++i) out.push_back(describe(pq.fname(from, i), pq.ftype(from, i)));
  return out;
}

void add_rows(const libpq_library& pq, const PGresult* from, std::span<const column> columns,
              int first, int last, row_block& into) {
  const int width = static_cast<int>(columns.size());
  for (int row = first; row < last; ++row) {
    for (int i = 0; i < width; ++i) {
      if (pq.getisnull(from, row, i) != 0) {
        into.add_null();
        continue;
      }
      const auto size = static_cast<std::size_t>(pq.getlength(from, row, i));
      add_cell(columns[static_cast<std::size_t>(i)], {pq.getvalue(from, row, i), size}, into);
    }
  }
}

}  // namespace luamig::db
