"""Contacts from the database to JetStream: at each change what changed, at the start and now and then everything.

Our own memory learns first, so that the ladder is the new one even while JetStream is away.
"""

from notify.book import Book
from schemas import subjects
from schemas.ladder import Contacts, is_key
from schemas.reach import Templates
from store import contacts, templates
from store.pool import Pool


async def mirror(pool: Pool, book: Book, below: str) -> int:
    """Make CONTACTS say what the database says of a place and all under it; return the changes."""
    wanted = _keyed(await contacts.contacts(pool, below))
    changed = [each for key, each in wanted.items() if book.contacts.get(key) != each]
    book.contacts.update(wanted)
    for each in changed:
        await book.contact_shelf.put(each.place, each)
    return len(changed)


async def mirror_all(pool: Pool, book: Book) -> int:
    """Compare all with what JetStream truly holds, so that a bucket that was lost or restored mends by itself."""
    book.contacts = _keyed(await contacts.contacts(pool))
    held = {key: each for key, (each, _) in (await book.contact_shelf.all()).items()}
    changed = [each for key, each in book.contacts.items() if held.get(key) != each]
    gone = set(held) - set(book.contacts)
    for each in changed:
        await book.contact_shelf.put(each.place, each)
    for key in gone:
        await book.contact_shelf.delete(key)
    return len(changed) + len(gone)


async def mirror_templates(pool: Pool, book: Book) -> None:
    """Make TEMPLATES say what the database says, where it does not yet."""
    own = await templates.own(pool)
    held = await book.template_shelf.get(subjects.ALL_TEMPLATES) if book.templates == own else None
    book.templates = own
    if held is None or held[0].own != own:
        await book.template_shelf.put(subjects.ALL_TEMPLATES, Templates(own))


def _keyed(found: dict[str, Contacts]) -> dict[str, Contacts]:
    return {key: each for key, each in found.items() if is_key(key)}
