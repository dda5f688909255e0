/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_delta.h"

#include <algorithm>
#include <cstdio>
#include <sstream>

using namespace LAMMPS_NS;

namespace
{

/* An EIP beside the network, as the model file describes it: "kim MODEL" or
   "lammps COMMAND; COMMAND ...". */
struct Term {
  std::string name, source;
  double coefficient;
};

/* The same for LAMMPS. */
struct SubStyle {
  std::string name;                // sw
  std::string arguments;           // what follows the name in pair_style
  std::vector<std::string> coeffs; // what follows "pair_coeff"
  std::vector<std::string> others; // commands before
};

} // namespace

static std::vector<Term> collect_terms(const EIPNNEnsemble &ensemble)
{
  std::vector<Term> terms;
  for (size_t m = 0; m < ensemble.size(); m++) {
    const eipnn_model *model = ensemble.model(m);
    for (int k = 0; k < eipnn_model_baseline_count(model); k++) {
      const std::string name = eipnn_model_baseline_name(model, k);
      auto found = std::find_if(terms.begin(), terms.end(),
                                [&](const Term &term) { return term.name == name; });
      if (found == terms.end())
        found = terms.insert(found, {name, eipnn_model_baseline_source(model, k), 0.0});
      found->coefficient += eipnn_model_baseline_coefficient(model, k) / (double)ensemble.size();
    }
  }
  return terms;
}

static std::string element_words(const std::vector<int> &elements)
{
  std::string words;
  for (size_t type = 1; type < elements.size(); type++)
    words += std::string(" ") + (elements[type] ? eipnn_element_symbol(elements[type]) : "NULL");
  return words;
}

static std::vector<std::string> split_words(const std::string &text)
{
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

static std::vector<std::string> split_commands(const std::string &text)
{
  std::vector<std::string> commands;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(';', begin), text.size());
    commands.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return commands;
}

/* The elements at the end of a pair_coeff line were those of the labels; here they are those of
   the atom types. */
static std::string with_elements(std::vector<std::string> words, const std::string &elements)
{
  const size_t before = words.size();
  while (words.size() > 2 && (words.back() == "NULL" || eipnn_element_number(words.back().c_str())))
    words.pop_back();
  std::string line;
  for (size_t k = 2; k < words.size(); k++) line += " " + words[k];
  return line + (words.size() < before ? elements : "");
}

static void take_command(SubStyle &style, const std::string &command, const std::string &elements)
{
  const std::vector<std::string> words = split_words(command);
  if (words.size() > 1 && words[0] == "pair_style") {
    style.name = words[1];
    for (size_t k = 2; k < words.size(); k++) style.arguments += " " + words[k];
  } else if (words.size() > 2 && words[0] == "pair_coeff") {
    /* The rest after the atom types; those go in front of the style's name. */
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    style.coeffs.push_back(words[1] + " " + words[2] + "\n" + with_elements(rest, elements));
  } else if (!words.empty()) {
    style.others.push_back(command);
  }
}

static SubStyle sub_style(const Term &term, const std::string &elements)
{
  SubStyle style;
  const size_t blank = std::min(term.source.find(' '), term.source.size());
  const std::string provider = term.source.substr(0, blank);
  const std::string rest = term.source.substr(std::min(blank + 1, term.source.size()));
  if (provider == "kim")
    style = {"kim", " " + rest, {"* *\n" + elements}, {}};
  else if (provider == "lammps")
    for (const std::string &command : split_commands(rest)) take_command(style, command, elements);
  if (style.name.empty()) {
    const std::string name = "<style of " + term.name + ">";
    style = {name, "", {"* *\n <its coefficients>"}, {}};
  }
  return style;
}

bool LAMMPS_NS::eipnn_has_baseline(const EIPNNEnsemble &ensemble)
{
  for (size_t m = 0; m < ensemble.size(); m++)
    if (eipnn_model_baseline_count(ensemble.model(m))) return true;
  return false;
}

std::string LAMMPS_NS::eipnn_delta_lines(const EIPNNEnsemble &ensemble,
                                         const std::vector<int> &elements,
                                         const std::string &keywords)
{
  const std::string symbols = element_words(elements);
  const std::vector<Term> terms = collect_terms(ensemble);
  std::vector<SubStyle> styles;
  for (const Term &term : terms) styles.push_back(sub_style(term, symbols));

  std::string head, style_line = "pair_style hybrid/scaled", coeff_lines;
  for (size_t k = 0; k < styles.size(); k++) {
    /* LAMMPS numbers the sub-styles of one name. */
    auto same = [&](const SubStyle &other) { return other.name == styles[k].name; };
    const auto all = std::count_if(styles.begin(), styles.end(), same);
    const auto number = std::count_if(styles.begin(), styles.begin() + (long)k + 1, same);
    char coefficient[32];
    snprintf(coefficient, sizeof coefficient, " %.10g ", terms[k].coefficient);
    style_line += coefficient + styles[k].name + styles[k].arguments;
    for (const std::string &command : styles[k].others) head += command + "\n";
    for (const std::string &coeff : styles[k].coeffs) {
      const size_t end = coeff.find('\n');
      coeff_lines += "pair_coeff " + coeff.substr(0, end) + " " + styles[k].name +
                     (all > 1 ? " " + std::to_string(number) : "") + coeff.substr(end + 1) + "\n";
    }
  }
  coeff_lines += "pair_coeff * * eipnn";
  for (size_t m = 0; m < ensemble.size(); m++) coeff_lines += " " + ensemble.path(m);
  return head + style_line + " 1.0 eipnn" + keywords + " delta yes\n" + coeff_lines + symbols +
         "\n";
}
