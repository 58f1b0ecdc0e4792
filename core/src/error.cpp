// SPDX-License-Identifier: MIT
#include <portsock/error.hpp>

#include <platform/contract.hpp>

#include "words.hpp"

namespace portsock {
namespace {

using detail::words_of;

errc meaning_of(const std::error_code& code) noexcept;

/// Conditions: what a program compares with.
class condition_category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "portsock"; }
  std::string message(int value) const override {
    return std::string{to_string(static_cast<errc>(value))};
  }
  std::error_condition default_error_condition(int value) const noexcept override {
    return words_of(static_cast<errc>(value)).condition;
  }
  bool equivalent(const std::error_code& code, int condition) const noexcept override {
    return meaning_of(code) == static_cast<errc>(condition);
  }
  bool equivalent(int code, const std::error_condition& condition) const noexcept override {
    return condition == std::error_condition{code, *this} ||
           condition == default_error_condition(code);
  }
};

/// Codes of one domain, with the system's numbers.
class native_category final : public std::error_category {
 public:
  explicit native_category(error_domain domain) noexcept : domain_{domain} {}
  const char* name() const noexcept override {
    return domain_ == error_domain::system ? "portsock.system" : "portsock.resolver";
  }
  std::string message(int value) const override {
    return error{value, domain_, meaning(value)}.message();
  }
  std::error_condition default_error_condition(int value) const noexcept override {
    const auto* row = platform::find_error(domain_, value);
    return row ? row->condition : words_of(errc::other).condition;
  }
  errc meaning(int value) const noexcept {
    const auto* row = platform::find_error(domain_, value);
    return row ? row->meaning : errc::other;
  }

 private:
  error_domain domain_;
};

const native_category& category_of(error_domain domain) noexcept {
  static const native_category system{error_domain::system};
  static const native_category resolver{error_domain::resolver};
  return domain == error_domain::resolver ? resolver : system;
}

errc meaning_of(const std::error_code& code) noexcept {
  if (code.category() == errc_category()) return static_cast<errc>(code.value());
  for (const auto domain : {error_domain::system, error_domain::resolver})
    if (code.category() == category_of(domain)) return category_of(domain).meaning(code.value());
  return {};
}

}  // namespace

std::string error::message() const {
  std::string text{to_string(meaning())};
  if (domain() == error_domain::library) return text;
  const auto* row = platform::find_error(domain(), value());
  return text + " (" + (row ? row->name : "code " + std::to_string(value())) + ")";
}

std::error_code error::code() const noexcept {
  // A meaning that the context gave, and not the table, would be lost with the number.
  if (domain() == error_domain::library || category_of(domain()).meaning(value()) != meaning())
    return {static_cast<int>(meaning()), errc_category()};
  return {value(), category_of(domain())};
}

const std::error_category& errc_category() noexcept {
  static const condition_category category;
  return category;
}

std::error_condition make_error_condition(errc meaning) noexcept {
  return {static_cast<int>(meaning), errc_category()};
}

}  // namespace portsock
