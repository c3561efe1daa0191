#include "exchange/column_plan.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "crm/error.h"
#include "entity/heading.h"
#include "exchange/column_names.h"

namespace crm {
namespace {

using Part = ColumnTarget::Part;

constexpr std::string_view kClosing = "closed_at";

class Planner {
 public:
  Planner(const KindView& view, const Process& process, const MappingRules& rules,
          const ImportOptions& options)
      : view_(view),
        process_(process),
        rules_(rules),
        options_(options),
        claimed_(view.fields().size(), false) {}

  ColumnPlan plan(const std::vector<std::string>& headings) {
    for (const FieldText& set : rules_.set) add_fixed(set);
    std::vector<bool> done(headings.size(), false);
    for (std::size_t i = 0; i < headings.size(); ++i) done[i] = add_by_rule(headings[i], i);
    for (std::size_t i = 0; i < headings.size(); ++i)
      done[i] = done[i] || add_foreign_number(headings, i) || add_by_name(headings[i], i);
    add_name_parts(headings, done);
    for (std::size_t i = 0; i < headings.size(); ++i) {
      if (!done[i] && !add_by_meaning(headings[i], i)) add_unknown(headings, i);
    }
    check_rules(headings);
    attach_values(headings);
    attach_times(headings);
    attach_marks(headings);
    settle_next();
    std::stable_sort(plan_.targets.begin(), plan_.targets.end(), is_read_before);
    return std::move(plan_);
  }

 private:
  void add_field(std::size_t position, std::size_t column, std::string text = {}) {
    ColumnTarget target;
    target.column = column;
    target.text = std::move(text);
    target.field = view_.fields()[position];
    target.position = position;
    if (target.field->type == FieldType::refs) target.part = Part::ref;
    if (target.field->type == FieldType::record) target.kind = options_.record_kind;
    claimed_[position] = true;
    if (!target.field->is_derived()) plan_.targets.push_back(std::move(target));
  }

  std::size_t require_field(const std::string& name) {
    if (const Field* field = view_.find_heading(name)) return view_.position(field->name);
    const auto near = nearest(name, view_.names());
    throw Error(ErrorCode::invalid, std::string(view_.entity().plural.en) + " have no field " + quoted(name),
                near ? "did you mean " + quoted(*near) + "?"
                     : "see 'crm schema " + std::string(view_.entity().name) + "'")
        .about_field(name);
  }

  void add_fixed(const FieldText& set) {
    if (trimmed(set.text).empty()) return;
    const std::size_t position = require_field(set.field);
    if (position == 0 || view_.fields()[position]->access == Access::closed) {
      throw Error(ErrorCode::invalid, quoted(set.field) + " cannot be set", "every record has its own")
          .about_field(set.field);
    }
    add_field(position, ColumnTarget::kFixed, set.text);
  }

  bool add_by_rule(const std::string& heading, std::size_t column) {
    const MappedColumn* rule = rules_.find(heading);
    if (rule == nullptr) return false;
    for (const MappedTarget& target : rule->targets) add_mapped(target, heading, column);
    const auto order = static_cast<std::size_t>(rule - rules_.columns.data());
    for (ColumnTarget& target : plan_.targets) {
      if (target.column == column && target.already == ColumnTarget::Already::keep) target.order = order;
    }
    return true;
  }

  void add_mapped(const MappedTarget& mapped, const std::string& heading, std::size_t column) {
    switch (mapped.means) {
      case MappedTarget::Means::nothing:
        if (!mapped.name.empty() && !(options_.keep_unknown && keep_under_heading(heading, column)))
          plan_.unknown.push_back({heading, column, false});
        return;
      case MappedTarget::Means::stage_change:
        return add_stage_change(mapped.name, column);
      case MappedTarget::Means::custom_field:
        if (view_.find(mapped.name) == nullptr) {
          plan_.missing.push_back({mapped.name, heading, column});
        } else {
          add_field(view_.position(mapped.name), column);
        }
        return;
      case MappedTarget::Means::field:
        if (mapped.name == kClosing) expect_closing(heading, column);
        if (!add_by_name(mapped.name, column) && !add_by_meaning(mapped.name, column))
          add_field(require_field(mapped.name), column);
        warn_of_second(mapped.name, heading, column);
        return;
      case MappedTarget::Means::name_part:
        return add_name_part(mapped.name, column);
      case MappedTarget::Means::fallback:
        if (mapped.name == kClosing) expect_closing(heading, column);
        return add_again(mapped.name, column, ColumnTarget::Already::keep);
      case MappedTarget::Means::joined:
        return add_again(mapped.name, column, ColumnTarget::Already::join);
      case MappedTarget::Means::over:
        return add_again(mapped.name, column, ColumnTarget::Already::over);
      case MappedTarget::Means::commas:
        return add_by_commas(mapped.name, column);
      case MappedTarget::Means::known:
      case MappedTarget::Means::referred:
        if (is_set(require_field(mapped.name))) return;
        add_again(mapped.name, column, ColumnTarget::Already::keep);
        plan_.targets.back().only_known = true;
        plan_.targets.back().must_refer = mapped.means == MappedTarget::Means::referred;
        return;
      case MappedTarget::Means::time_of_day:
        times_.emplace_back(require_field(mapped.name), column);
        return;
      case MappedTarget::Means::primary:
        marks_.emplace_back(require_field(mapped.name), column);
        return;
      case MappedTarget::Means::done:
        return add_sign(Part::done, mapped.name, heading, column);
      case MappedTarget::Means::leave_out:
        return add_sign(Part::leave_out, mapped.name, heading, column);
    }
  }

  // Two columns of which one would take the other's place without a word.
  void warn_of_second(const std::string& name, const std::string& heading, std::size_t column) {
    const Field* const field = view_.find_heading(name);
    if (field == nullptr || field->type == FieldType::tags || field->type == FieldType::refs) return;
    const auto fills = [&](const ColumnTarget& target) {
      return target.field == field && target.already == ColumnTarget::Already::replace &&
             target.column != ColumnTarget::kFixed && target.column != column;
    };
    if (std::any_of(plan_.targets.begin(), plan_.targets.end(), fills)) {
      plan_.warnings.push_back("more than one column fills " + quoted(name) + ": " + quoted(heading) +
                               " takes the place of those before it; else:" + name + " or join:" + name +
                               " keeps both");
    }
  }

  void add_sign(Part part, const std::string& value, const std::string& heading, std::size_t column) {
    if (part == Part::done && view_.kind() != Kind::followup)
      throw Error(ErrorCode::invalid, "only follow-ups can be done", "leave out done:" + value);
    ColumnTarget target;
    target.part = part;
    target.column = column;
    target.heading = heading;
    target.value = folded(trimmed(value));
    plan_.targets.push_back(std::move(target));
  }

  // What is no day of closing is kept under its own heading, where such columns are.
  void expect_closing(const std::string& heading, std::size_t column) {
    if (heading_key(heading) == heading_key(kClosing)) return;
    plan_.closing_may_be_expected = true;
    if (options_.keep_unknown) keep_under_heading(heading, column);
  }

  // False where no custom field can be called after the heading.
  bool keep_under_heading(const std::string& heading, std::size_t column) {
    const std::string name = custom_name(heading);
    const auto& made = process_.custom_fields[static_cast<std::size_t>(view_.kind())];
    const bool there =
        std::any_of(made.begin(), made.end(), [&](const CustomField& field) { return field.name == name; });
    if (name.empty() || (view_.find(name) != nullptr && !there)) return false;
    if (!there) {
      plan_.missing.push_back({name, heading, column});
    } else if (!claimed_[view_.position(name)]) {
      add_field(view_.position(name), column);
    }
    return true;
  }

  void add_name_part(const std::string& part, std::size_t column) {
    claimed_[require_field("name")] = true;
    ColumnTarget target;
    target.part = Part::name_part;
    target.column = column;
    target.name_part = name_part(part);
    plan_.targets.push_back(std::move(target));
  }

  // "First Name" and "Last Name", 姓 and 名, where no column holds the whole name.
  void add_name_parts(const std::vector<std::string>& headings, std::vector<bool>& done) {
    const std::size_t name = view_.position("name");
    if (name == KindView::npos || view_.kind() == Kind::team || claimed_[name]) return;
    bool family = false, given = false;
    for (std::size_t i = 0; i < headings.size(); ++i) {
      if (done[i]) continue;
      const std::string_view part = name_part_of(headings[i]);
      const Field* field = part.empty() ? view_.find_heading(headings[i]) : nullptr;
      if (field != nullptr && field->name == "name") return;
      family = family || part == "family";
      given = given || part == "given";
    }
    if (!family || !given) return;
    for (std::size_t i = 0; i < headings.size(); ++i) {
      const std::string part(done[i] ? std::string_view() : name_part_of(headings[i]));
      const bool again =
          std::any_of(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& one) {
            return one.part == Part::name_part && one.name_part == name_part(part);
          });
      if (part.empty() || again) continue;
      add_name_part(part, i);
      done[i] = true;
    }
  }

  static ColumnTarget::NamePart name_part(const std::string& name) {
    return name == "family"  ? ColumnTarget::NamePart::family
           : name == "given" ? ColumnTarget::NamePart::given
                             : ColumnTarget::NamePart::middle;
  }

  void add_again(const std::string& field, std::size_t column, ColumnTarget::Already already) {
    const std::size_t position = require_field(field);
    if (is_set(position)) return;
    add_field(position, column);
    if (!view_.fields()[position]->is_derived()) plan_.targets.back().already = already;
  }

  void add_by_commas(const std::string& field, std::size_t column) {
    const std::size_t position = require_field(field);
    if (view_.fields()[position]->type != FieldType::tags)
      throw Error(ErrorCode::invalid, quoted(field) + " takes one value", "leave out 'commas:'");
    add_field(position, column);
    plan_.targets.back().by_commas = true;
  }

  void add_stage_change(const std::string& stage, std::size_t column) {
    ColumnTarget target;
    target.part = Part::stage_change;
    target.column = column;
    if (process_.find_stage(view_.kind(), stage) != nullptr) {
      target.stage = stage;
    } else {
      target.position = view_.position(stage);
      const bool holds_stage =
          target.position != KindView::npos && view_.fields()[target.position]->type == FieldType::stage;
      if (!holds_stage) {
        const auto near = nearest(stage, process_.stage_names(view_.kind()));
        throw Error(ErrorCode::invalid, "unknown stage " + quoted(stage) + " for a stage change",
                    near ? "did you mean " + quoted(*near) + "?"
                         : "name a stage, or the field 'stage' for the row's own");
      }
    }
    plan_.targets.push_back(std::move(target));
  }

  void add_ref(std::size_t column) {
    ColumnTarget target;
    target.part = Part::ref;
    target.column = column;
    plan_.targets.push_back(std::move(target));
  }

  // "id" or 编号 in a file that is no export of ours, all of which have their references too: the number that
  // the row has in another system. Where all headings are fields of ours, the file may still be a list that
  // we printed.
  bool add_foreign_number(const std::vector<std::string>& headings, std::size_t column) {
    const auto refs = std::find_if(view_.fields().begin(), view_.fields().end(),
                                   [](const Field* field) { return field->type == FieldType::refs; });
    if (!is_bare_number_heading(headings[column]) || refs == view_.fields().end() || claimed_[0])
      return false;
    const Field* const field = view_.find_heading(headings[column]);
    if (field != nullptr && view_.position(field->name) != 0) return false;
    const auto any = [&](auto is_so) { return std::any_of(headings.begin(), headings.end(), is_so); };
    if (any([&](const std::string& heading) { return heading == (*refs)->name; })) return false;
    const bool all_ours = !any([&](const std::string& heading) { return view_.find(heading) == nullptr; });
    if (all_ours && view_.find("name") == nullptr) return false;
    if (plan_.find(Part::ref) != nullptr ||
        any([&](const std::string& heading) { return is_number_heading(heading, view_.entity()); })) {
      plan_.unknown.push_back({headings[column], column, false});
      return true;
    }
    add_ref(column);
    plan_.targets.back().perhaps_own = all_ours;
    plan_.bare_refs = true;
    return true;
  }

  bool add_by_name(const std::string& heading, std::size_t column) {
    if (is_number_heading(heading, view_.entity())) {
      add_ref(column);
      return true;
    }
    const std::string key = heading_key(heading);
    for (std::size_t i = 0; i < claimed_.size(); ++i) {
      if (heading_key(view_.fields()[i]->name) != key) continue;
      const bool of_another = is_custom(i) && !is_labelled(i, heading);
      if ((claimed_[i] || of_another) && add_kept(heading, column)) return true;
      return claimed_[i] ? is_set(i) : (add_field(i, column), true);
    }
    return false;
  }

  // Whether --set gives the field: then the column does not count, and that is no news.
  bool is_set(std::size_t position) const {
    return std::any_of(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& target) {
      return target.column == ColumnTarget::kFixed && target.position == position;
    });
  }

  bool add_by_meaning(const std::string& heading, std::size_t column) {
    if (is_next_heading(view_.kind(), heading)) {
      if (plan_.find(Part::next_at) != nullptr) return false;
      ColumnTarget target;
      target.part = Part::next_at;
      target.column = column;
      plan_.targets.push_back(std::move(target));
      return true;
    }
    if (add_record_number(heading, column)) return true;
    const Field* field = view_.find_heading(heading);
    if (field == nullptr) return add_record_name(heading, column);
    const std::size_t position = view_.position(field->name);
    if (claimed_[position]) return is_set(position);
    add_field(position, column);
    return true;
  }

  // "lead_id" in a file of follow-ups, "customer_id" in one of contacts.
  bool add_record_number(const std::string& heading, std::size_t column) {
    for (const Entity& other : entities()) {
      if (!is_number_heading(heading, other)) continue;
      for (std::size_t i = 0; i < claimed_.size(); ++i) {
        const Field& field = *view_.fields()[i];
        const bool fits = field.type == FieldType::record ||
                          (field.type == FieldType::reference && field.target == other.kind);
        if (!fits || claimed_[i]) continue;
        add_field(i, column);
        plan_.targets.back().kind = other.kind;
        return true;
      }
    }
    return false;
  }

  // "customer" or 客户名称 in a file of follow-ups.
  bool add_record_name(const std::string& heading, std::size_t column) {
    const auto about = std::find_if(view_.fields().begin(), view_.fields().end(),
                                    [](const Field* field) { return field->type == FieldType::record; });
    if (about == view_.fields().end()) return false;
    const auto position = static_cast<std::size_t>(about - view_.fields().begin());
    for (const Kind kind : {Kind::customer, Kind::lead}) {
      if (!names_records(kind, heading) || claimed_[position] || options_.record_kind.value_or(kind) != kind)
        continue;
      add_field(position, column);
      plan_.targets.back().kind = kind;
      return true;
    }
    return false;
  }

  bool is_custom(std::size_t position) const {
    const auto& made = process_.custom_fields[static_cast<std::size_t>(view_.kind())];
    return std::any_of(made.begin(), made.end(), [&](const CustomField& field) {
      return field.name == view_.fields()[position]->name;
    });
  }

  bool is_labelled(std::size_t position, std::string_view text) const {
    const Label& label = view_.fields()[position]->label;
    return label.en == text || label.zh == text;
  }

  // The field that an import before this one made for such a heading, or for one more column under it:
  // labelled "Fax 2" then.
  bool add_kept(const std::string& heading, std::size_t column) {
    const std::string text(trimmed(heading));
    std::string label = text;
    for (int number = 2;; ++number) {
      bool there = number == 2;
      for (std::size_t i = 0; i < claimed_.size(); ++i) {
        if (!is_labelled(i, label) || !is_custom(i)) continue;
        there = true;
        if (claimed_[i]) continue;
        add_field(i, column);
        return true;
      }
      if (!there) return false;
      label = text + ' ' + std::to_string(number);
    }
  }

  void add_unknown(const std::vector<std::string>& headings, std::size_t column) {
    const std::string& heading = headings[column];
    const bool named = !trimmed(heading).empty();
    if (named && add_kept(heading, column)) return;
    if (!options_.keep_unknown || !named) {
      const auto first = std::find(headings.begin(), headings.end(), heading);
      plan_.unknown.push_back(
          {heading, column, first != headings.begin() + static_cast<std::ptrdiff_t>(column)});
      return;
    }
    const std::string text(trimmed(heading));
    std::string label = text;
    for (int i = 2; means_something(label); ++i) label = text + ' ' + std::to_string(i);
    std::string name = custom_name(label);
    if (name.empty()) name = "field";
    const std::string stem = name;
    for (int i = 2; is_taken(name); ++i) name = stem + '_' + std::to_string(i);
    plan_.missing.push_back({name, label, column});
  }

  // Whether a column under that heading would fill a field, or one that is to be made.
  bool means_something(const std::string& heading) const {
    const std::string key = heading_key(heading);
    return view_.find_heading(heading) != nullptr ||
           std::any_of(plan_.missing.begin(), plan_.missing.end(), [&](const MissingField& field) {
             return heading_key(field.label) == key || heading_key(field.name) == key;
           });
  }

  bool is_taken(const std::string& name) const {
    return view_.find(name) != nullptr ||
           std::any_of(plan_.missing.begin(), plan_.missing.end(),
                       [&](const MissingField& field) { return field.name == name; });
  }

  void check_rules(const std::vector<std::string>& headings) {
    for (const MappedColumn& column : rules_.columns) {
      if (!column.expected) continue;
      const bool there = std::any_of(headings.begin(), headings.end(), [&](const std::string& heading) {
        const MappedColumn* rule = rules_.find(heading);
        return rule != nullptr && rule->heading == column.heading;
      });
      if (!there)
        plan_.warnings.push_back("the file has no column " + quoted(column.heading) +
                                 ", which the mapping names");
    }
  }

  void attach_values(const std::vector<std::string>& headings) {
    for (const MappedValue& value : rules_.values) {
      const std::string key = heading_key(value.field);
      bool used = false;
      for (ColumnTarget& target : plan_.targets) {
        const bool by_field = target.field != nullptr && heading_key(target.field->name) == key;
        const bool by_heading =
            target.column != ColumnTarget::kFixed && heading_key(headings[target.column]) == key;
        if (!by_field && !by_heading) continue;
        if (value.expected) check_mapped_stage(view_.kind(), process_, target, value);
        target.values[folded(value.from)] = value.to;
        used = true;
      }
      if (!used && value.expected && plan_.missing.empty()) {
        plan_.warnings.push_back("no column fills " + quoted(value.field) +
                                 ", of which the mapping says values");
      }
    }
  }

  // A time of day means nothing without its day.
  void attach_times(const std::vector<std::string>& headings) {
    for (const auto& [at, column] : times_) {
      const auto position = at;  // clang 14 takes no binding into a lambda
      const auto day =
          std::find_if(plan_.targets.begin(), plan_.targets.end(), [&](const ColumnTarget& target) {
            return target.part == Part::field && target.column != ColumnTarget::kFixed &&
                   target.position == position;
          });
      if (day == plan_.targets.end()) {
        plan_.unknown.push_back({headings[column], column, false});
      } else {
        day->time_column = column;
      }
    }
  }

  // "E-mail 2 - Label" is of "E-mail 2 - Value".
  void attach_marks(const std::vector<std::string>& headings) {
    const auto group = [&](std::size_t column) {
      const std::string_view heading = headings[column];
      return heading.substr(0, std::min(heading.rfind(" - "), heading.size()));
    };
    for (const auto& mark : marks_) {
      for (ColumnTarget& target : plan_.targets) {
        if (target.position == mark.first && target.column != ColumnTarget::kFixed &&
            group(target.column) == group(mark.second))
          target.mark_column = mark.second;
      }
    }
  }

  // A file that says when plans were due or done needs no planning.
  void settle_next() {
    if (view_.kind() != Kind::followup || plan_.find(Part::next_at) == nullptr) return;
    if (plan_.find_field("due_at") == nullptr && plan_.find_field("done_at") == nullptr) return;
    std::erase_if(plan_.targets, [](const ColumnTarget& target) { return target.part == Part::next_at; });
    plan_.warnings.emplace_back(
        "the file has due or done times: nothing is planned from its column of next follow-ups");
  }

  const KindView& view_;
  const Process& process_;
  const MappingRules& rules_;
  const ImportOptions& options_;
  std::vector<bool> claimed_;
  std::vector<std::pair<std::size_t, std::size_t>> times_;  // a field's place, the column of its time of day
  std::vector<std::pair<std::size_t, std::size_t>> marks_;  // a field's place, a column that marks its first
  ColumnPlan plan_;
};

}  // namespace

ColumnPlan make_column_plan(const KindView& view, const Process& process,
                            const std::vector<std::string>& headings, const MappingRules& rules,
                            const ImportOptions& options) {
  return Planner(view, process, rules, options).plan(headings);
}

}  // namespace crm
