"""Write the committed schemas anew from the models."""

from jianbao_contracts.schemas import FOLDER, generate

for name, text in generate().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
