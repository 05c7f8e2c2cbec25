"""Makes the ERP's database from nothing: modules, company, accounts, taxes, warehouse, and the hub's own user.

python create_database.py CONFIG DATABASE CREDENTIALS.json

CREDENTIALS.json holds {"admin": password, "hub": {"login", "password"}}; both users are made with them.
Run once; its result is kept as a snapshot (snapshot.ts). Master data comes later, by seed.ts.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from decimal import Decimal

MODULES = [
    'company', 'currency', 'country', 'party', 'product',
    'account', 'account_invoice', 'account_product', 'account_invoice_stock',
    'account_payment', 'account_payment_clearing', 'account_statement',
    'stock', 'stock_supply', 'sale', 'sale_product_customer',
    'purchase', 'purchase_request', 'purchase_requisition',
    'account_credit_limit', 'sale_credit_limit', 'web_shop',
]

TAXES = [
    ('standard', 'VAT 20 %', Decimal('.20')),
    ('reduced', 'VAT 5 %', Decimal('.05')),
    ('zero', 'VAT 0 %', Decimal('0')),
]

# Northwind, the sample that everyone knows, sold its goods from 1996 to 1998: its deliveries need open periods.
SAMPLE_YEARS = [1996, 1997, 1998]

# What the hub may do: it sells, delivers, invoices, books payments, and buys. It administers nothing,
# and it is not in the group that may override a credit limit.
HUB_GROUPS = [
    'sale.group_sale', 'stock.group_stock', 'account.group_account', 'purchase.group_purchase',
    'account_statement.group_statement', 'account_payment.group_payment',
]


# Buttons that are an administrator's otherwise: they run again what a crash of Tryton left undone.
HUB_BUTTONS = [
    'sale.sale_process_button', 'purchase.purchase_process_button', 'account_invoice.invoice_process_button',
]


def main(config_file, database, credentials_file):
    with open(credentials_file) as file:
        credentials = json.load(file)
    activate_modules(config_file, database, credentials['admin'])

    from proteus import Model, config
    config.set_trytond(database, config_file=config_file)
    company, currency = create_company()
    create_countries()
    accounts = create_accounts(company)
    create_fiscal_years(company)
    create_taxes(company, accounts)
    create_payment_terms()
    create_payment_methods(accounts)
    create_products(accounts, Model)
    configure_sales(company, currency)
    create_hub_user(company, credentials['hub'])


def activate_modules(config_file, database, password):
    with tempfile.NamedTemporaryFile('w', suffix='.pass') as passfile:
        passfile.write(password)
        passfile.flush()
        subprocess.run(
            [sys.executable, os.path.join(os.path.dirname(sys.executable), 'trytond-admin'),
                '-c', config_file, '-d', database, '--email', 'admin@example.com', '-l', 'en',
                '-u', *MODULES, '--activate-dependencies'],
            env={**os.environ, 'TRYTONPASSFILE': passfile.name}, check=True)


def create_company():
    from proteus import Model
    from trytond.modules.company.tests.tools import create_company, get_company
    Currency = Model.get('currency.currency')
    euro = Currency(name='Euro', symbol='€', code='EUR', numeric_code='978')
    dollar = Currency(name='US Dollar', symbol='$', code='USD', numeric_code='840')
    yen = Currency(name='Yen', symbol='¥', code='JPY', numeric_code='392')
    dinar = Currency(name='Kuwaiti Dinar', symbol='KD', code='KWD', numeric_code='414')
    for currency, digits, rate in [(euro, 2, '1'), (dollar, 2, '1.10'), (yen, 0, '160'), (dinar, 3, '0.345')]:
        currency.rounding = Decimal(1).scaleb(-digits)
        currency.digits = digits
        currency.rates.new(date=datetime.date(SAMPLE_YEARS[0], 1, 1), rate=Decimal(rate))
        currency.save()
    Party = Model.get('party.party')
    party = Party(name='Postonce Trading')
    party.addresses[0].street_unstructured = '1 Harbour Road'
    party.addresses[0].city = 'Hamburg'
    party.addresses[0].postal_code = '20457'
    party.save()
    create_company(party, euro)
    return get_company(), euro


def create_countries():
    """Every ISO 3166 country, in one call: the 35-second script that ships with Tryton adds the subdivisions too."""
    import pycountry
    from proteus import Model
    from proteus.config import get_config
    Country = Model.get('country.country')
    Country._proxy.create([{
        'name': getattr(country, 'common_name', country.name),
        'code': country.alpha_2,
        'code3': country.alpha_3,
        'code_numeric': country.numeric,
    } for country in pycountry.countries], get_config().context)


def create_accounts(company):
    from proteus import Model
    from trytond.modules.account.tests.tools import create_chart, get_accounts
    create_chart(company)
    accounts = get_accounts(company)
    Configuration = Model.get('account.configuration')
    configuration = Configuration(1)
    # For lines of a purchase that are no item: packing, a rebate.
    configuration.default_category_account_expense = accounts['expense']
    # For what is left when each line of an invoice in another currency is converted by itself.
    configuration.currency_exchange_credit_account = accounts['revenue']
    configuration.currency_exchange_debit_account = accounts['expense']
    configuration.save()
    return accounts


def create_fiscal_years(company):
    from trytond.modules.account.tests.tools import create_fiscalyear
    from trytond.modules.account_invoice.tests.tools import set_fiscalyear_invoice_sequences
    this_year = datetime.date.today().year
    for year in SAMPLE_YEARS + [this_year - 1, this_year, this_year + 1, this_year + 2]:
        fiscal_year = create_fiscalyear(company, (datetime.date(year, 1, 1), datetime.date(year, 12, 31)))
        fiscal_year.name = str(year)
        fiscal_year.start_date = datetime.date(year, 1, 1)
        fiscal_year.end_date = datetime.date(year, 12, 31)
        fiscal_year = set_fiscalyear_invoice_sequences(fiscal_year)
        # Each year counts anew, so its numbers need the year to be unique.
        for sequence in [fiscal_year.move_sequence, fiscal_year.invoice_sequences[0].out_invoice_sequence]:
            sequence.prefix = f'{year}-'
            sequence.save()
        fiscal_year.save()
        fiscal_year.click('create_period')


def create_taxes(company, accounts):
    from proteus import Model
    Tax = Model.get('account.tax')
    Group = Model.get('account.tax.group')
    for kind, prefix in [('sale', ''), ('purchase', 'Input ')]:
        group = Group(name=f'{kind.title()}s', code=kind, kind=kind)
        group.save()
        for code, name, rate in TAXES:
            tax = Tax(name=prefix + name, description=prefix + name, type='percentage', rate=rate, group=group)
            tax.invoice_account = tax.credit_note_account = accounts['tax']
            tax.save()


def create_payment_terms():
    from proteus import Model
    PaymentTerm = Model.get('account.invoice.payment_term')
    term = PaymentTerm(name='30 days')
    line = term.lines.new(type='remainder')
    line.relativedeltas.new(days=30)
    term.save()
    Configuration = Model.get('account.configuration')
    configuration = Configuration(1)
    configuration.default_customer_payment_term = term
    configuration.save()


def create_payment_methods(accounts):
    """Bank, and what a customer or a supplier has on account, for the wizard that pays an invoice."""
    from proteus import Model
    Account = Model.get('account.account')
    Journal = Model.get('account.journal')
    Method = Model.get('account.invoice.payment.method')
    cash, = Journal.find([('type', '=', 'cash')], limit=1)
    cash.name = 'Bank'
    cash.save()
    Method(
        name='Bank', journal=cash,
        credit_account=accounts['cash'], debit_account=accounts['cash']).save()
    transfers = Journal(name='On Account', code='ONACC', type='cash')
    transfers.save()
    # Accounts of their own: a customer's receivable is the sum of both, and moving an amount from here to an invoice
    # leaves it as it is. The same for a supplier's payable.
    for name, like, title in [
            ('On Account', accounts['receivable'], 'Customers on Account'),
            ('Suppliers On Account', accounts['payable'], 'Suppliers on Account')]:
        on_account = Account(name=title, type=like.type, parent=like.parent)
        on_account.reconcile = True
        on_account.party_required = True
        on_account.save()
        Method(
            name=name, journal=transfers,
            credit_account=on_account, debit_account=on_account).save()


def create_products(accounts, Model):
    """The category that carries the accounts, and the services that the hub itself puts on an order."""
    Category = Model.get('product.category')
    Template = Model.get('product.template')
    Uom = Model.get('product.uom')
    category = Category(name='Goods', accounting=True)
    category.account_expense = accounts['expense']
    category.account_revenue = accounts['revenue']
    category.save()
    unit, = Uom.find([('name', '=', 'Unit')])
    for code, name in [('FREIGHT', 'Freight'), ('ROUNDING', 'Rounding'), ('CREDIT', 'Credit')]:
        template = Template(
            name=name, code=code, type='service', default_uom=unit, salable=True, sale_uom=unit,
            purchasable=True, purchase_uom=unit, list_price=Decimal(0), account_category=category)
        template.save()


def configure_sales(company, currency):
    from proteus import Model
    Configuration = Model.get('sale.configuration')
    configuration = Configuration(1)
    configuration.sale_invoice_method = 'fulfillment'
    configuration.sale_shipment_method = 'order'
    configuration.save()
    # One shop for all sources: (web_shop, web_id) is the natural key of a sale, and the hub's reference is unique.
    Shop = Model.get('web.shop')
    Shop(name='Postonce', company=company, currency=currency).save()


def create_hub_user(company, hub):
    from proteus import Model
    ModelData = Model.get('ir.model.data')
    User = Model.get('res.user')
    Group = Model.get('res.group')
    Lang = Model.get('ir.lang')
    user = User(name='Postonce', login=hub['login'], password=hub['password'])
    user.language, = Lang.find([('code', '=', 'en')])
    user.companies.append(type(company)(company.id))
    user.company = company
    for name in HUB_GROUPS:
        user.groups.append(Group(ModelData.get_id(name, {})))
    user.groups.append(create_hub_group(ModelData))
    user.save()


def create_hub_group(ModelData):
    from proteus import Model
    Group = Model.get('res.group')
    Button = Model.get('ir.model.button')
    group = Group(name='Postonce')
    group.save()
    for name in HUB_BUTTONS:
        button = Button(ModelData.get_id(name, {}))
        button.groups.append(Group(group.id))
        button.save()
    return group


if __name__ == '__main__':
    main(*sys.argv[1:])
